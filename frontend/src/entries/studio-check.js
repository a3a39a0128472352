// The look at camera, sound and light before filming.
import "../studio/device-check.js";
import { offerToRead } from "../studio/read-aloud.js";

offerToRead();
