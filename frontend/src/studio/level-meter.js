// How loud the microphone is, as a number from 0 to 1 that follows the ear: each 6 dB is a step.

const FLOOR_DB = -60;

export class LevelMeter {
  /** @param {MediaStream} stream */
  constructor(stream) {
    this.context = new AudioContext();
    this.analyser = this.context.createAnalyser();
    this.analyser.fftSize = 8192; // the last sixth of a second: nothing said in between is missed
    this.context.createMediaStreamSource(stream).connect(this.analyser);
    this.samples = new Float32Array(this.analyser.fftSize);
    this.context.resume();
  }

  /** 0 is silence, 1 as loud as it goes. */
  get now() {
    this.analyser.getFloatTimeDomainData(this.samples);
    let power = 0;
    for (const sample of this.samples) power += sample * sample;
    const db = 10 * Math.log10(power / this.samples.length + 1e-12);
    return Math.min(1, Math.max(0, 1 - db / FLOOR_DB));
  }

  close() {
    this.context.close();
  }
}
