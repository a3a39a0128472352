"""What a recruiter finds and watches."""
