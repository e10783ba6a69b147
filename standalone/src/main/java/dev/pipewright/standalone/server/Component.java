package dev.pipewright.standalone.server;

/** A part of the server that can run alone. */
enum Component {
  /** Compiles pipeline code, makes runtime images, serves commits to runs. */
  builder,
  /** Takes webhooks in and runs what they cause. */
  spawner,
  /** Keeps everything, and answers the API and the feeds. */
  state,
  /** Serves the console and the wall to browsers. */
  ui
}
