package dev.pipewright.protocol.api;

/**
 * What a backup is to hold.
 *
 * @param keys whether the keys in the data folder go along: {@code master.key}, which opens every
 *     secret of the backup, and {@code service.token}
 */
public record BackupOrder(boolean keys) {}
