"""CV Tube's settings, one deployment's own. Name this file in CVTUBE_CONFIG.

Each line shows a default: take the # away to change it. Environment variables of the same
name with CVTUBE_ in front (CVTUBE_PORT=8000) outrank this file; secrets belong there.
`cvtube doctor` shows what is in force and where it comes from.

Made by `cvtube init-config`.
"""


# -- Where things are --------------------------------------------------------------------------

# Folder of the embedded services: database, videos, keys, logs.
# HOME = "~/.local/share/cvtube"

# The site's address as people type it, such as https://cv.example.org; links in emails start
# with it. Empty: this machine only, http://127.0.0.1:PORT.
# PUBLIC_URL = ""

# Further host names of the site, separated by spaces, beside that of PUBLIC_URL and, if BIND is
# one, those of this machine. Requests for any other host are refused.
# ALLOWED_HOSTS = ""

# Network address the web server listens on.
# BIND = "127.0.0.1"

# Port the web server listens on.
# From 1 to 65535.
# PORT = 8321

# Pages the web server makes at the same time; slow visitors take none of them.
# From 4 to 512.
# WEB_THREADS = 16

# Exact number of reverse proxies; their X-Forwarded-* headers are trusted.
# From 0 to 5.
# TRUSTED_PROXIES = 0

# With an https PUBLIC_URL: browsers use https for every host below the site's, too (HSTS
# includeSubDomains). False if one of those works over http only.
# HSTS_SUBDOMAINS = True

# postgresql://user:password@host/name; empty: SQLite in the home folder.
# DATABASE_URL = ""

# redis://host:6379/0; empty: the embedded Valkey in the home folder.
# REDIS_URL = ""

# s3://bucket?endpoint=https://s3.example.org&region=fr-par with AWS_ACCESS_KEY_ID and
# AWS_SECRET_ACCESS_KEY in the environment; empty: files in the home folder.
# STORAGE_URL = ""

# Where nginx has the folder storage/objects as an internal location, such as /stored/: it sends
# the films then. Empty: the web server does.
# ACCEL_PATH = ""

# Folder of your own legal notice, privacy, accessibility, contact and help pages
# (docs/operations.md, Your own pages); None: the folder pages in the home folder.
# PAGES = None

# Signs cookies and addresses; empty: made once and stored in the home folder.
# SECRET_KEY = ""

# Former secret keys, newest first, separated by spaces: what they have signed is still accepted
# (docs/operations.md, Changing the secret key).
# SECRET_KEY_FALLBACKS = ""


# -- People ------------------------------------------------------------------------------------

# Demo people and videos; their passwords are printed at start.
# DEMO = False

# Language of a visitor whose browser asks for neither fr nor en.
# One of: fr, en.
# DEFAULT_LANGUAGE = "fr"

# Who can search and watch approved videos: verified recruiters, or everyone.
# One of: recruiters, everyone.
# AUDIENCE = "recruiters"

# smtp://user:password@host:587 (with STARTTLS, or nothing is sent; localhost needs no TLS),
# smtps://user:password@host:465 (TLS), or outbox: nothing is sent, and the administrators read
# the emails on a local page.
# MAIL_URL = "outbox"

# Sender of every email.
# MAIL_FROM = "CV Tube <no-reply@localhost>"

# Days without a visit after which people are signed out.
# From 1 to 365.
# SESSION_IDLE_DAYS = 30

# The same for moderators and administrators, in minutes.
# From 5 to 1440.
# STAFF_SESSION_IDLE_MINUTES = 30


# -- Sending videos ----------------------------------------------------------------------------

# Largest video a person can send, in MiB.
# From 1 to 51200.
# UPLOAD_MAX_MIB = 2048

# Longest clip that is accepted, in seconds.
# From 10 to 900.
# FILM_MAX_S = 300

# Days after which an unfinished upload is deleted.
# From 1 to 60.
# UPLOAD_EXPIRES_DAYS = 7

# Unfinished uploads one person can have at a time.
# From 1 to 100.
# OPEN_UPLOADS_PER_PERSON = 8

# MiB one person can start to send within 24 hours.
# At least 1.
# UPLOAD_DAILY_MIB_PER_PERSON = 8192

# Free disk space, in MiB, below which new videos are refused.
# At least 0.
# STORAGE_RESERVE_MIB = 1024

# TOML file with the parts and questions of a video; empty: the one shipped.
# FILM_PROGRAM = ""

# Days until a recording that was not chosen is deleted.
# From 1 to 60.
# TAKE_KEPT_DAYS = 7

# Days until the uploaded file is deleted, once its video is ready.
# From 0 to 365.
# ORIGINAL_KEPT_DAYS = 7


# -- Processing videos -------------------------------------------------------------------------

# Path of ffmpeg; empty: the newest capable one found.
# FFMPEG = ""

# Path of ffprobe; empty: the one that fits ffmpeg best.
# FFPROBE = ""

# Refuse videos if the kernel cannot sandbox ffmpeg; None: yes, except in the demo.
# REQUIRE_SANDBOX = None

# Attempts to process a video before it counts as failed.
# From 1 to 20.
# TRANSCODE_ATTEMPTS = 4

# Ready clips re-encoded at a time; new videos come first. 0: paused.
# From 0 to 64.
# REENCODES_AT_ONCE = 1

# Seconds without a lease renewal before another worker takes the job.
# From 5 to 600.
# LEASE_S = 15

# Seconds until a signed address of a video expires.
# From 60 to 86400.
# MEDIA_URL_TTL_S = 3600


# -- Captions ----------------------------------------------------------------------------------

# Engine that drafts captions for candidates to correct; none: they write them.
# One of: none, faster-whisper.
# CAPTIONS_ENGINE = "none"

# Folder of the engine's model: Whisper in CTranslate2 format.
# CAPTIONS_MODEL = None

# Number format of the engine; int8 is the fastest.
# One of: int8, int8_float32, float32.
# CAPTIONS_COMPUTE = "int8"

# Threads of the engine.
# From 1 to 64.
# CAPTIONS_THREADS = 2


# -- Moderation --------------------------------------------------------------------------------

# Hours within which moderators promise an answer.
# From 1 to 720.
# REVIEW_PROMISE_HOURS = 24

# Seconds in which moderators can undo a decision; nobody is told before.
# From 1 to 120.
# REVIEW_UNDO_SECONDS = 10

# Where people ask for help, such as help@example.org; shown with every decision, refusal and
# suspended account. Empty: no page names anybody.
# CONTACT = ""

# Days until a decision's reasons are deleted (6 months to contest it, 6 more).
# From 183 to 3650.
# DECISIONS_KEPT_DAYS = 365


# -- Running -----------------------------------------------------------------------------------

# Videos that `cvtube run` processes at the same time, each with all cores.
# From 1 to 64.
# TRANSCODE_WORKERS = 1

# Hour of the day, in Paris time, from which nightly work is done.
# From 0 to 23.
# NIGHT_HOUR = 3

# Bearer token that Prometheus sends to read /metrics; empty: no metrics.
# METRICS_TOKEN = ""

# Level of detail of the log files.
# One of: DEBUG, INFO, WARNING, ERROR.
# LOG_LEVEL = "INFO"
