@org.jspecify.annotations.NullMarked
package dev.pipewright.engine.load;
