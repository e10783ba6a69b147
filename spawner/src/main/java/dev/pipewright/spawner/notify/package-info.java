/** Says to chats and programs what happened. Start with ChatMessage and WebhookMessage. */
@NullMarked
package dev.pipewright.spawner.notify;

import org.jspecify.annotations.NullMarked;
