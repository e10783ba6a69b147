/** The only place that knows MongoDB, real or embedded. Start with MongoStorage. */
@NullMarked
package dev.pipewright.state.mongo;

import org.jspecify.annotations.NullMarked;
