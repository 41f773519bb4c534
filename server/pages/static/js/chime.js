// A two-tone chime, 880 Hz then 660 Hz; chimes wait for each other and never overlap.

const TONES = [880, 660];
const TONE_S = 0.55;
const LENGTH_S = 1.6;

/** `heard(on)` is told whether sound can be heard; `start()` must follow a gesture. */
export function chime(heard) {
  const audio = new AudioContext();
  let free = 0;

  function tone(hertz, at) {
    const wave = new OscillatorNode(audio, { frequency: hertz, type: "sine" });
    const volume = new GainNode(audio, { gain: 0 });
    wave.connect(volume).connect(audio.destination);
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(0.5, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, at + TONE_S * 1.8);
    wave.start(at);
    wave.stop(at + TONE_S * 1.8);
  }

  function ring() {
    if (audio.state !== "running") return;
    const at = Math.max(audio.currentTime, free);
    TONES.forEach((hertz, index) => tone(hertz, at + index * TONE_S));
    free = at + LENGTH_S;
  }

  const tell = () => heard(audio.state === "running");
  audio.addEventListener("statechange", tell);
  tell();
  return { ring, start: () => audio.resume() };
}
