"""CV Tube: short video CVs, from a phone's camera to a recruiter's screen."""
