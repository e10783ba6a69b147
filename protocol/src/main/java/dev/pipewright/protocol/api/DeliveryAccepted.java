package dev.pipewright.protocol.api;

/** The stored delivery; {@code duplicate} if this very delivery was stored before. */
public record DeliveryAccepted(String id, Verdict verdict, String reason, boolean duplicate) {}
