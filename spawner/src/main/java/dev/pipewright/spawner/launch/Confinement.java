package dev.pipewright.spawner.launch;

/** How closely a unit is kept, by whose code it runs. */
public enum Confinement {
  /** The network beyond this machine. */
  USUAL,
  /**
   * Apart from all other units, and what else the server grants to code that anybody may have
   * written and nobody has read.
   */
  FOREIGN,
  /** Nothing but the server. */
  ISOLATED
}
