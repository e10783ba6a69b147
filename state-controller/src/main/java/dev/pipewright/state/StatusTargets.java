package dev.pipewright.state;

import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.ForgeKind;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.SourceView;
import dev.pipewright.protocol.api.StatusSpec;
import dev.pipewright.protocol.api.StatusTarget;
import dev.pipewright.protocol.api.StatusView;
import dev.pipewright.state.outbox.StatusAddress;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Pattern;

/** Which sources have their statuses sent, and where to; written through. Thread-safe. */
public final class StatusTargets {
  /** Goes into a header, so nothing that could end one. */
  private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,1000}");

  private final Shelf<StatusTargetRecord> shelf;
  private final SecretBox secrets;
  private final Sources sources;
  private final ConcurrentMap<SourceName, StatusTargetRecord> known = new ConcurrentHashMap<>();

  StatusTargets(Storage storage, SecretBox secrets, Sources sources) {
    this.shelf = storage.shelf("statusTargets", StatusTargetRecord.class);
    this.secrets = secrets;
    this.sources = sources;
    shelf.forEach((id, record) -> known.put(new SourceName(id), renewed(id, record)));
  }

  /** Its token sealed with the key of today. */
  private StatusTargetRecord renewed(String id, StatusTargetRecord record) {
    Optional<String> again = secrets.renewed(record.sealedToken(), owner(new SourceName(id)));
    if (again.isEmpty()) {
      return record;
    }
    StatusTargetRecord resealed =
        new StatusTargetRecord(record.api(), record.repository(), again.get());
    shelf.put(id, resealed);
    return resealed;
  }

  private static String owner(SourceName source) {
    return "status|" + source;
  }

  /**
   * Has the statuses of a source sent from now on.
   *
   * @throws ApiException NOT_FOUND if there is no such source, MALFORMED, saying why, if its forge
   *     cannot be told
   */
  public synchronized StatusView set(SourceName name, StatusSpec spec) {
    SourceView source = sources.view(name);
    ForgeKind forge = ForgeKind.of(source.forge()).orElseThrow();
    StatusAddress address = StatusAddress.of(forge, source.url(), spec.api());
    if (!TOKEN.matcher(spec.token()).matches()) {
      throw malformed("A token has 1 to 1,000 printable characters and no blanks.");
    }
    if (forge == ForgeKind.GERRIT && spec.token().indexOf(':') < 1) {
      throw malformed("Gerrit wants a user and an HTTP password, written USER:PASSWORD.");
    }
    StatusTargetRecord record =
        new StatusTargetRecord(
            address.api(), address.repository(), secrets.seal(spec.token(), owner(name)));
    shelf.put(name.value(), record);
    known.put(name, record);
    return view(source, record);
  }

  private static StatusView view(SourceView source, StatusTargetRecord record) {
    return new StatusView(source.name(), source.forge(), record.api(), record.repository());
  }

  private static ApiException malformed(String title) {
    return new ApiException(Problem.Code.MALFORMED, title);
  }

  /** Where the statuses of a source go; throws NOT_FOUND if they are not sent. */
  public StatusView view(SourceName name) {
    SourceView source = sources.view(name);
    StatusTargetRecord record = known.get(name);
    if (record == null) {
      throw new ApiException(
          Problem.Code.NOT_FOUND,
          "The statuses of the source '" + name + "' are sent nowhere.",
          "Give a token with: pipewright sources add " + name + " --git URL --status-token TEXT");
    }
    return view(source, record);
  }

  /** Sends no statuses of a source any more; the second time changes nothing. */
  public synchronized void remove(SourceName name) {
    SourceName source = sources.view(name).name();
    shelf.remove(List.of(source.value()));
    known.remove(source);
  }

  /** True if the statuses of this source are sent. */
  boolean isSet(SourceName name) {
    return known.containsKey(name);
  }

  /** Where they go, with the token, if they do. */
  Optional<StatusTarget> find(SourceName name) {
    StatusTargetRecord record = known.get(name);
    return record == null
        ? Optional.empty()
        : Optional.of(
            new StatusTarget(
                sources.view(name).forge(),
                record.api(),
                record.repository(),
                secrets.unseal(record.sealedToken(), owner(name))));
  }
}
