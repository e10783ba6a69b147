/**
 * A backup of the embedded store, as one archive that is written while the server runs, and what
 * makes a data folder of it. Start with Backups and Restore.
 */
@NullMarked
package dev.pipewright.state.backup;

import org.jspecify.annotations.NullMarked;
