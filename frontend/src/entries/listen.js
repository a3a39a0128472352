// Pages outside the studio that read themselves aloud.
import { offerToRead } from "../studio/read-aloud.js";

offerToRead();
