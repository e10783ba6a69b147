package dev.pipewright.state;

import java.util.LinkedHashMap;

/**
 * A record as its JSON says, whatever shape it has: for what brings records of one shape into
 * another. Members keep their order.
 */
final class StoredRecord extends LinkedHashMap<String, Object> {
  private static final long serialVersionUID = 1L;
}
