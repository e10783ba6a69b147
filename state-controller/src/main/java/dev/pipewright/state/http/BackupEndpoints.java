package dev.pipewright.state.http;

import dev.pipewright.protocol.api.BackupOrder;
import dev.pipewright.state.backup.Backups;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The route of backups. One that is made counts as a change, so that the audit log has it. */
final class BackupEndpoints {
  private final Backups backups;

  BackupEndpoints(Backups backups) {
    this.backups = backups;
  }

  List<Endpoint> all() {
    return List.of(Endpoint.post("/backup", Need.ADMIN, this::make));
  }

  private Reply make(Call call) throws IOException {
    Backups.Backup backup = backups.begin(call.read(BackupOrder.class));
    return new Reply.Written(
        200,
        "application/x-tar",
        out -> {
          try (backup) {
            backup.writeTo(out);
          }
        },
        Map.of("Content-Disposition", "attachment; filename=pipewright-backup.tar"));
  }
}
