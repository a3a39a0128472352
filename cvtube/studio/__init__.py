"""Making the film: chapters, scripts, takes, and the recorder's pages."""
