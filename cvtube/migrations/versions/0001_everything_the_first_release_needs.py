"""Everything the first release needs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "log_in_brake",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("open_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_log_in_brake")),
    )
    with op.batch_alter_table("log_in_brake", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_log_in_brake_open_at"), ["open_at"], unique=False)

    op.create_table(
        "mail",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("to_address", sa.String(length=320), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.create_index("ix_mail_sent_at_not_before", ["sent_at", "not_before"], unique=False)
        batch_op.create_index(
            "ix_mail_to_address_created_at", ["to_address", "created_at"], unique=False
        )

    op.create_table(
        "organisation",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("siret", sa.String(length=14), nullable=True),
        sa.Column("website", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_table(
        "search_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("video_id", sa.String(length=26), nullable=False),
        sa.Column("film_version", sa.DateTime(timezone=True), nullable=False),
        sa.Column("profile_version", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("lot", sa.BigInteger(), nullable=False),
        sa.Column("family", sa.String(length=1), nullable=False),
        sa.Column("occupation", sa.String(length=5), nullable=False),
        sa.Column("contracts", sa.String(length=100), nullable=False),
        sa.Column("experience", sa.String(length=20), nullable=False),
        sa.Column("languages", sa.String(length=400), nullable=False),
        sa.Column("licences", sa.String(length=100), nullable=False),
        sa.Column("available_from", sa.Date(), nullable=True),
        sa.Column("department", sa.String(length=3), nullable=False),
        sa.Column("x", sa.Double(), nullable=True),
        sa.Column("y", sa.Double(), nullable=True),
        sa.Column("z", sa.Double(), nullable=True),
        sa.Column("reach", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
        sa.UniqueConstraint("video_id", name=op.f("uq_search_entry_video_id")),
    )
    op.create_table(
        "search_term",
        sa.Column("term", sa.String(length=64), nullable=False),
        sa.Column("spelling", sa.String(length=64), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("term", name=op.f("pk_search_term")),
    )
    op.create_table(
        "user",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "candidate",
                "recruiter",
                "moderator",
                "adviser",
                "admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("given_name", sa.String(length=60), nullable=False),
        sa.Column("family_name", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.String(length=26), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal_words", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "role != 'recruiter' OR organisation_id IS NOT NULL", name=op.f("ck_user_recruits_for")
        ),
        sa.CheckConstraint(
            "verified_at IS NULL OR refused_at IS NULL", name=op.f("ck_user_one_verdict")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_user_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email", name=op.f("uq_user_email")),
    )
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.create_index("ix_user_role_created_at", ["role", "created_at"], unique=False)

    op.create_table(
        "account_event",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("actor_id", sa.String(length=26), nullable=True),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["user.id"],
            name=op.f("fk_account_event_actor_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_account_event_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_event")),
    )
    with op.batch_alter_table("account_event", schema=None) as batch_op:
        batch_op.create_index("ix_account_event_at_id", ["at", "id"], unique=False)
        batch_op.create_index("ix_account_event_user_id_at", ["user_id", "at"], unique=False)

    op.create_table(
        "candidate_profile",
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("occupation_code", sa.String(length=5), nullable=True),
        sa.Column("place_code", sa.String(length=5), nullable=True),
        sa.Column("travel_km", sa.Integer(), nullable=False),
        sa.Column("contracts", sa.JSON(), nullable=False),
        sa.Column("available_from", sa.Date(), nullable=True),
        sa.Column(
            "experience",
            sa.Enum(
                "none",
                "under_2",
                "from_2",
                "from_5",
                "from_10",
                name="experience",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("licences", sa.JSON(), nullable=False),
        sa.Column("about", sa.String(length=600), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_candidate_profile_user_id_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_candidate_profile")),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("clip_id", sa.String(length=26), nullable=False),
        sa.Column("video_id", sa.String(length=26), nullable=False),
        sa.Column("owner_id", sa.String(length=26), nullable=False),
        sa.Column("moderator_id", sa.String(length=26), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "measure",
            sa.Enum(
                "asked_for_changes",
                "rejected",
                "taken_down",
                name="measure",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("territory", sa.String(length=40), nullable=False),
        sa.Column("ends", sa.String(length=40), nullable=False),
        sa.Column(
            "occasion",
            sa.Enum(
                "first_review",
                "second_look",
                "notice",
                name="occasion",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("detected_by_machine", sa.Boolean(), nullable=False),
        sa.Column("decided_by_machine", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("law", sa.String(length=120), nullable=True),
        sa.Column("contest_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("statement", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["moderator_id"],
            ["user.id"],
            name=op.f("fk_decision_moderator_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user.id"], name=op.f("fk_decision_owner_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("clip_id", name=op.f("uq_decision_clip_id")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index("ix_decision_decided_at", ["decided_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(
            "ix_decision_video_id_decided_at", ["video_id", "decided_at"], unique=False
        )

    op.create_table(
        "login_session",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_login_session_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_session_token_hash")),
    )
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "one_time_token",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "confirm_email",
                "change_email",
                "reset_password",
                name="token_purpose",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_one_time_token_user_id_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_token_token_hash")),
    )
    with op.batch_alter_table("one_time_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_one_time_token_user_id"), ["user_id"], unique=False)

    op.create_table(
        "video",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("owner_id", sa.String(length=26), nullable=False),
        sa.Column("occupation_code", sa.String(length=5), nullable=True),
        sa.Column(
            "visibility",
            sa.Enum(
                "draft",
                "private_link",
                "recruiters",
                name="visibility",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(visibility = 'draft') = (published_at IS NULL)",
            name=op.f("ck_video_published_unless_draft"),
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_video_owner_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_video")),
    )
    with op.batch_alter_table("video", schema=None) as batch_op:
        batch_op.create_index("ix_video_changed_at", ["changed_at"], unique=False)
        batch_op.create_index("ix_video_deleted_at", ["deleted_at"], unique=False)
        batch_op.create_index(
            "ix_video_owner_id_created_at", ["owner_id", "created_at"], unique=False
        )

    op.create_table(
        "video_event",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("video_id", sa.String(length=26), nullable=False),
        sa.Column("clip_id", sa.String(length=26), nullable=True),
        sa.Column("actor_id", sa.String(length=26), nullable=True),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("before", sa.String(length=24), nullable=True),
        sa.Column("after", sa.String(length=24), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["user.id"],
            name=op.f("fk_video_event_actor_id_user"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_video_event")),
    )
    with op.batch_alter_table("video_event", schema=None) as batch_op:
        batch_op.create_index("ix_video_event_at_id", ["at", "id"], unique=False)
        batch_op.create_index("ix_video_event_video_id_at", ["video_id", "at"], unique=False)

    op.create_table(
        "clip",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("video_id", sa.String(length=26), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "uploading",
                "uploaded",
                "transcoding",
                "ready",
                "failed",
                "abandoned",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "review",
            sa.Enum(
                "none",
                "pending",
                "approved",
                "needs_changes",
                "rejected",
                "removed",
                name="review",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("original_bytes", sa.BigInteger(), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("nudged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("error_code", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "(review IN ('none', 'pending')) = (reviewed_at IS NULL)",
            name=op.f("ck_clip_decided_with_time"),
        ),
        sa.CheckConstraint(
            "(stage = 'failed') = (error_code IS NOT NULL)", name=op.f("ck_clip_failed_with_code")
        ),
        sa.CheckConstraint(
            "(stage = 'transcoding') = (lease_until IS NOT NULL)",
            name=op.f("ck_clip_leased_while_transcoding"),
        ),
        sa.CheckConstraint(
            "review = 'none' OR stage = 'ready'", name=op.f("ck_clip_reviewed_when_ready")
        ),
        sa.CheckConstraint(
            "stage != 'ready' OR (ready_at IS NOT NULL AND duration_ms IS NOT NULL)",
            name=op.f("ck_clip_ready_with_time_and_duration"),
        ),
        sa.CheckConstraint("progress BETWEEN 0 AND 100", name=op.f("ck_clip_progress_percent")),
        sa.ForeignKeyConstraint(
            ["video_id"], ["video.id"], name=op.f("fk_clip_video_id_video"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clip")),
    )
    with op.batch_alter_table("clip", schema=None) as batch_op:
        batch_op.create_index(
            "ix_clip_review_submitted_at", ["review", "submitted_at"], unique=False
        )
        batch_op.create_index("ix_clip_stage_lease_until", ["stage", "lease_until"], unique=False)
        batch_op.create_index(batch_op.f("ix_clip_video_id"), ["video_id"], unique=False)

    op.create_table(
        "review_lock",
        sa.Column("video_id", sa.String(length=26), nullable=False),
        sa.Column("moderator_id", sa.String(length=26), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["moderator_id"],
            ["user.id"],
            name=op.f("fk_review_lock_moderator_id_user"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["video_id"],
            ["video.id"],
            name=op.f("fk_review_lock_video_id_video"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("video_id", name=op.f("pk_review_lock")),
    )
    with op.batch_alter_table("review_lock", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_review_lock_moderator_id"), ["moderator_id"], unique=False
        )

    op.create_table(
        "asset",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("clip_id", sa.String(length=26), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "rendition",
                "audio",
                "poster",
                "storyboard",
                name="asset_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clip_id"], ["clip.id"], name=op.f("fk_asset_clip_id_clip"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_asset")),
        sa.UniqueConstraint("clip_id", "kind", "name", name=op.f("uq_asset_clip_id_kind_name")),
    )
    op.create_table(
        "chapter",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("video_id", sa.String(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("live_clip_id", sa.String(length=26), nullable=True),
        sa.Column("next_clip_id", sa.String(length=26), nullable=True),
        sa.ForeignKeyConstraint(
            ["live_clip_id"],
            ["clip.id"],
            name=op.f("fk_chapter_live_clip_id_clip"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["next_clip_id"],
            ["clip.id"],
            name=op.f("fk_chapter_next_clip_id_clip"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["video_id"], ["video.id"], name=op.f("fk_chapter_video_id_video"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chapter")),
        sa.UniqueConstraint("live_clip_id", name=op.f("uq_chapter_live_clip_id")),
        sa.UniqueConstraint("next_clip_id", name=op.f("uq_chapter_next_clip_id")),
        sa.UniqueConstraint("video_id", "position", name=op.f("uq_chapter_video_id_position")),
    )
    op.create_table(
        "original_chunk",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("clip_id", sa.String(length=26), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clip_id"],
            ["clip.id"],
            name=op.f("fk_original_chunk_clip_id_clip"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_original_chunk")),
        sa.UniqueConstraint("clip_id", "start", name=op.f("uq_original_chunk_clip_id_start")),
    )
    op.create_table(
        "transcode_run",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("clip_id", sa.String(length=26), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("cpu_s", sa.Double(), nullable=True),
        sa.Column("wall_s", sa.Double(), nullable=True),
        sa.Column("bytes_in", sa.BigInteger(), nullable=False),
        sa.Column("bytes_out", sa.BigInteger(), nullable=True),
        sa.Column("ffmpeg", sa.String(length=60), nullable=False),
        sa.Column("sandbox", sa.String(length=12), nullable=False),
        sa.Column("host", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["clip_id"], ["clip.id"], name=op.f("fk_transcode_run_clip_id_clip"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transcode_run")),
        sa.UniqueConstraint("clip_id", "attempt", name=op.f("uq_transcode_run_clip_id_attempt")),
    )
    with op.batch_alter_table("transcode_run", schema=None) as batch_op:
        batch_op.create_index("ix_transcode_run_started_at", ["started_at"], unique=False)

    op.create_table(
        "transcript_cue",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("clip_id", sa.String(length=26), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("start_ms", sa.Integer(), nullable=False),
        sa.Column("end_ms", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clip_id"],
            ["clip.id"],
            name=op.f("fk_transcript_cue_clip_id_clip"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transcript_cue")),
        sa.UniqueConstraint(
            "clip_id",
            "language",
            "start_ms",
            name=op.f("uq_transcript_cue_clip_id_language_start_ms"),
        ),
    )
    op.create_table(
        "upload_session",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("owner_id", sa.String(length=26), nullable=False),
        sa.Column("clip_id", sa.String(length=26), nullable=True),
        sa.Column("made_film", sa.Boolean(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=True),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("beginning", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("fingerprint", sa.String(length=80), nullable=False),
        sa.Column("metadata_header", sa.String(length=2000), nullable=False),
        sa.CheckConstraint(
            "finished_at IS NULL OR received = length",
            name=op.f("ck_upload_session_finished_when_whole"),
        ),
        sa.CheckConstraint(
            "length IS NULL OR received <= length",
            name=op.f("ck_upload_session_received_at_most_all"),
        ),
        sa.CheckConstraint("received >= 0", name=op.f("ck_upload_session_received_something")),
        sa.ForeignKeyConstraint(
            ["clip_id"],
            ["clip.id"],
            name=op.f("fk_upload_session_clip_id_clip"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["user.id"],
            name=op.f("fk_upload_session_owner_id_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload_session")),
    )
    with op.batch_alter_table("upload_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_upload_session_clip_id"), ["clip_id"], unique=False)
        batch_op.create_index("ix_upload_session_expires_at", ["expires_at"], unique=False)
        batch_op.create_index(
            "ix_upload_session_owner_id_created_at", ["owner_id", "created_at"], unique=False
        )
    make_search_index()


def make_search_index() -> None:
    """The words of films, in each database's own way."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            """
            CREATE VIRTUAL TABLE search_index USING fts5(
                job, skills, rest,
                tokenize = "unicode61 remove_diacritics 2 tokenchars '+#'",
                prefix = '2 3', detail = column, columnsize = 0
            )
            """
        )
        return
    op.execute(
        """
        CREATE TABLE search_index (
            entry_id INTEGER PRIMARY KEY REFERENCES search_entry (id) ON DELETE CASCADE,
            document TSVECTOR NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX ix_search_index_document ON search_index USING gin (document)")


def downgrade() -> None:
    op.execute("DROP TABLE search_index")
    with op.batch_alter_table("upload_session", schema=None) as batch_op:
        batch_op.drop_index("ix_upload_session_owner_id_created_at")
        batch_op.drop_index("ix_upload_session_expires_at")
        batch_op.drop_index(batch_op.f("ix_upload_session_clip_id"))

    op.drop_table("upload_session")
    op.drop_table("transcript_cue")
    with op.batch_alter_table("transcode_run", schema=None) as batch_op:
        batch_op.drop_index("ix_transcode_run_started_at")

    op.drop_table("transcode_run")
    op.drop_table("original_chunk")
    op.drop_table("chapter")
    op.drop_table("asset")
    with op.batch_alter_table("review_lock", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_lock_moderator_id"))

    op.drop_table("review_lock")
    with op.batch_alter_table("clip", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clip_video_id"))
        batch_op.drop_index("ix_clip_stage_lease_until")
        batch_op.drop_index("ix_clip_review_submitted_at")

    op.drop_table("clip")
    with op.batch_alter_table("video_event", schema=None) as batch_op:
        batch_op.drop_index("ix_video_event_video_id_at")
        batch_op.drop_index("ix_video_event_at_id")

    op.drop_table("video_event")
    with op.batch_alter_table("video", schema=None) as batch_op:
        batch_op.drop_index("ix_video_owner_id_created_at")
        batch_op.drop_index("ix_video_deleted_at")
        batch_op.drop_index("ix_video_changed_at")

    op.drop_table("video")
    with op.batch_alter_table("one_time_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_one_time_token_user_id"))

    op.drop_table("one_time_token")
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_session_user_id"))

    op.drop_table("login_session")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index("ix_decision_video_id_decided_at")
        batch_op.drop_index(batch_op.f("ix_decision_owner_id"))
        batch_op.drop_index("ix_decision_decided_at")

    op.drop_table("decision")
    op.drop_table("candidate_profile")
    with op.batch_alter_table("account_event", schema=None) as batch_op:
        batch_op.drop_index("ix_account_event_user_id_at")
        batch_op.drop_index("ix_account_event_at_id")

    op.drop_table("account_event")
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.drop_index("ix_user_role_created_at")

    op.drop_table("user")
    op.drop_table("search_term")
    op.drop_table("search_entry")
    op.drop_table("organisation")
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_index("ix_mail_to_address_created_at")
        batch_op.drop_index("ix_mail_sent_at_not_before")

    op.drop_table("mail")
    with op.batch_alter_table("log_in_brake", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_log_in_brake_open_at"))

    op.drop_table("log_in_brake")
