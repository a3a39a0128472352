// Pages outside the studio that read themselves aloud.
import { offerToRead } from "../studio/reading.js";

offerToRead();
