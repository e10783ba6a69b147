package dev.pipewright.spawner.hook;

import dev.pipewright.protocol.api.DeliveryReceipt;

/** What a delivery is, decided from its headers and bytes alone, with the receipt to be stored. */
public sealed interface Judgement {

  /** What is stored of the delivery. */
  DeliveryReceipt receipt();

  /** Believed and read. */
  record Accepted(DeliveryReceipt receipt) implements Judgement {}

  /**
   * Not believed. The receipt carries no delivery id, so that a forged delivery never takes the
   * place of the genuine one.
   */
  record Unauthorized(DeliveryReceipt receipt) implements Judgement {}

  /** Believed, but not readable. */
  record Malformed(DeliveryReceipt receipt) implements Judgement {}

  /** Believed, but with more bytes than are taken. */
  record TooLarge(DeliveryReceipt receipt) implements Judgement {}
}
