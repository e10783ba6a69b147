/** Sends mail. Start with Mailer. */
@NullMarked
package dev.pipewright.spawner.mail;

import org.jspecify.annotations.NullMarked;
