package dev.pipewright.state.backup;

import java.time.Instant;

/**
 * What a backup says of itself, in its first entry.
 *
 * @param format the form of the archive
 * @param schema the version of the stored records
 * @param server where people reached the server
 * @param at the moment everything in it is of
 * @param mark what tells the copy of the database from one of another moment
 * @param keys whether the keys of the data folder are in it
 */
public record BackupManifest(
    int format, int schema, String server, Instant at, String mark, boolean keys) {
  /** The form of archives that this program writes and reads. */
  static final int FORMAT = 1;
}
