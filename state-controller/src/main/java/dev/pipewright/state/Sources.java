package dev.pipewright.state;

import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.ForeignPolicy;
import dev.pipewright.protocol.api.ForgeKind;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.SourceSpec;
import dev.pipewright.protocol.api.SourceView;
import dev.pipewright.protocol.api.SourceWithSecret;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The registered repositories, in memory and written through. Thread-safe. */
public final class Sources {
  private static final String USUAL_FOLDER = ".pipewright";
  private static final Pattern FOLDER = Pattern.compile("[A-Za-z0-9._][A-Za-z0-9._/-]{0,199}");
  private static final Pattern BRANCH =
      Pattern.compile("[^\\s\\p{Cntrl}~^:?*\\[\\\\-][^\\s\\p{Cntrl}~^:?*\\[\\\\]{0,199}");
  private static final Pattern URL =
      Pattern.compile(
          "(?:(?:https?|ssh|git|file)://[^\\s\\p{Cntrl}]+|/[^\\s\\p{Cntrl}]*|[A-Za-z0-9._]+@[A-Za-z0-9.-]+:[^\\s\\p{Cntrl}:]+)");

  private final Shelf<SourceRecord> shelf;
  private final SecretBox secrets;
  private final InstantSource clock;
  private final ConcurrentSkipListMap<SourceName, SourceRecord> known =
      new ConcurrentSkipListMap<>();

  Sources(Storage storage, SecretBox secrets, InstantSource clock) {
    this.shelf = storage.shelf("sources", SourceRecord.class);
    this.secrets = secrets;
    this.clock = clock;
    shelf.forEach((id, record) -> known.put(record.view().name(), renewed(id, record)));
  }

  /** Its secret sealed with the key of today. */
  private SourceRecord renewed(String id, SourceRecord record) {
    String sealed = record.sealedSecret();
    Optional<String> again =
        sealed == null ? Optional.empty() : secrets.renewed(sealed, record.view().name().value());
    if (again.isEmpty()) {
      return record;
    }
    SourceRecord resealed = new SourceRecord(record.view(), again.get());
    shelf.put(id, resealed);
    return resealed;
  }

  /** All sources by name. */
  public Page<SourceView> all() {
    return new Page<>(known.values().stream().map(SourceRecord::view).toList(), null);
  }

  /** One source; throws NOT_FOUND if it is not registered. */
  public SourceView view(SourceName name) {
    return record(name).view();
  }

  /** One source with its secret, for services. */
  public SourceWithSecret withSecret(SourceName name) {
    SourceRecord record = record(name);
    String sealed = record.sealedSecret();
    return new SourceWithSecret(
        record.view(), sealed == null ? null : secrets.unseal(sealed, name.value()));
  }

  private SourceRecord record(SourceName name) {
    SourceRecord found = known.get(name);
    if (found == null) {
      throw new ApiException(
          Problem.Code.NOT_FOUND,
          "There is no source '" + name + "'.",
          "Register it with: pipewright sources add " + name + " --git URL");
    }
    return found;
  }

  @Nullable String defaultBranch(SourceName name) {
    SourceRecord found = known.get(name);
    return found == null ? null : found.view().defaultBranch();
  }

  /**
   * Registers a source; one with the same name and URL gets the new settings, and keeps its secret
   * if none is given.
   *
   * @throws ApiException CONFLICT if the name stands for another URL, MALFORMED for bad settings
   */
  public synchronized SourceView register(SourceSpec spec) {
    SourceRecord old = known.get(spec.name());
    if (old != null && !old.view().url().equals(spec.url())) {
      throw new ApiException(
          Problem.Code.CONFLICT,
          "The source '%s' is registered with another URL.".formatted(spec.name()),
          "Choose another name, or use the same URL to change its settings.");
    }
    check(spec);
    String secret = spec.secret();
    @Nullable String sealed = old == null ? null : old.sealedSecret();
    if (secret != null && !secret.isEmpty()) {
      sealed = secrets.seal(secret, spec.name().value());
    }
    String forge = spec.forge() == null ? ForgeKind.PLAIN_GIT.word() : spec.forge();
    if (sealed == null && ForgeKind.of(forge).orElseThrow().secretNeeded()) {
      throw malformed(
          "A %s source needs a secret: give the one that is set at the forge's webhook."
              .formatted(forge));
    }
    String foreign = spec.foreign();
    Instant createdAt = old == null ? clock.instant() : old.view().createdAt();
    SourceView view =
        new SourceView(
            spec.name(),
            spec.url(),
            forge,
            spec.folder() == null ? USUAL_FOLDER : spec.folder(),
            spec.defaultBranch(),
            sealed != null,
            createdAt,
            foreign == null ? ForeignPolicy.HOLD : ForeignPolicy.of(foreign).orElseThrow());
    SourceRecord record = new SourceRecord(view, sealed);
    shelf.put(spec.name().value(), record);
    known.put(spec.name(), record);
    return view;
  }

  private static void check(SourceSpec spec) {
    if (spec.url().length() > 2000 || !URL.matcher(spec.url()).matches()) {
      throw malformed(
          "The URL of a source begins with https://, http://, ssh://, git://, file:// or /, or is"
              + " written user@host:path; this one is '"
              + Limits.shorten(spec.url(), 80)
              + "'.");
    }
    String forge = spec.forge();
    if (forge != null && ForgeKind.of(forge).isEmpty()) {
      throw malformed(
          "The forge of a source is one of %s, not '%s'."
              .formatted(ForgeKind.words(), Limits.shorten(forge, 40)));
    }
    String foreign = spec.foreign();
    if (foreign != null && ForeignPolicy.of(foreign).isEmpty()) {
      throw malformed(
          "What a source does with commits from outside is one of %s, not '%s'."
              .formatted(ForeignPolicy.words(), Limits.shorten(foreign, 40)));
    }
    String folder = spec.folder();
    if (folder != null && (!FOLDER.matcher(folder).matches() || folder.contains(".."))) {
      throw malformed("The folder of a source is a path inside the repository.");
    }
    String branch = spec.defaultBranch();
    if (branch != null && (!BRANCH.matcher(branch).matches() || branch.contains(".."))) {
      throw malformed("The default branch of a source is the short name of a branch.");
    }
    String secret = spec.secret();
    if (secret != null && secret.length() > 1000) {
      throw malformed("The secret of a source has at most 1,000 characters.");
    }
  }

  private static ApiException malformed(String title) {
    return new ApiException(Problem.Code.MALFORMED, title);
  }
}
