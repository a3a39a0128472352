"""At the camera: the recorder, its check of the device, and the takes."""
