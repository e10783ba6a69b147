package dev.pipewright.state.backup;

/**
 * The last entry of a backup: one that was cut has none, and of one that was changed it is wrong.
 *
 * @param files how many entries were before it, that of the manifest included
 * @param bytes how many bytes were in those
 * @param sha256 the digest over the name, the length and the content of each, in their order
 */
public record BackupSeal(long files, long bytes, String sha256) {}
