"""Sound and video files: probing, measuring, encoding, verifying, all through ffmpeg and PyAV."""
