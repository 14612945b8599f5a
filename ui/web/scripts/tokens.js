// Written by ui/tokens.mjs from ui/tokens.json.
export const SOUND = {"below-speech-db":6,"attack":8,"proven":[["D5",90],["A5",260]],"half":[["D5",160]],"unproven":[["A4",320]],"alarm":[["A4",140],["F4",140],["D4",320]],"read":[["A5",30]],"trouble":[["D4",40]]};
export const DURATION = {"press":80,"half-in":220,"halves-meet":320,"field-in":180,"rows-in":240,"row-stagger":40,"page":240,"attract-scene":4000};
