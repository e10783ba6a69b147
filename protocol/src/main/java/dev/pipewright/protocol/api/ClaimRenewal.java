package dev.pipewright.protocol.api;

/**
 * Somebody is still at work on what it claimed.
 *
 * @param id the version request, or the base image of an image request
 */
public record ClaimRenewal(String id, long fence) {}
