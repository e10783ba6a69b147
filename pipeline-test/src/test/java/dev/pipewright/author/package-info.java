@org.jspecify.annotations.NullMarked
package dev.pipewright.author;
