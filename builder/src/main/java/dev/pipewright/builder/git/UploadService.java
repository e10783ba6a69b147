package dev.pipewright.builder.git;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;
import org.eclipse.jgit.transport.UploadPack.RequestPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Git's smart protocol, reading side only: any commit of the mirror by its id, in protocol 0 and 2.
 * The list of refs is cut to one. Because mirrors hold no history, clients must ask for depth 1.
 * Immutable.
 */
public final class UploadService {
  private static final int SILENCE_SECONDS = 60;

  private final Repository repository;

  UploadService(Repository repository) {
    this.repository = repository;
  }

  /**
   * Answers {@code info/refs}.
   *
   * @param protocol the client's {@code Git-Protocol} header
   */
  public void advertise(@Nullable String protocol, OutputStream out) throws IOException {
    try (UploadPack pack = pack(protocol)) {
      pack.sendAdvertisedRefs(
          new PacketLineOutRefAdvertiser(new PacketLineOut(out)), "git-upload-pack");
    }
  }

  /**
   * Answers {@code git-upload-pack}.
   *
   * @param protocol the client's {@code Git-Protocol} header
   * @throws IOException if a stream breaks or the client asks for what is not there; the client was
   *     told where possible
   */
  public void serve(@Nullable String protocol, InputStream in, OutputStream out)
      throws IOException {
    try (UploadPack pack = pack(protocol)) {
      pack.upload(in, out, null);
    }
  }

  /** Clients of protocol 0 take a repository without any ref for an empty one. */
  private static Map<String, Ref> one(Map<String, Ref> refs) {
    return refs.entrySet().stream()
        .limit(1)
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private UploadPack pack(@Nullable String protocol) {
    UploadPack pack = new UploadPack(repository);
    pack.setBiDirectionalPipe(false);
    pack.setRequestPolicy(RequestPolicy.ANY);
    pack.setTimeout(SILENCE_SECONDS);
    pack.setRefFilter(UploadService::one);
    if (protocol != null) {
      pack.setExtraParameters(List.of(protocol.split(":", -1)));
    }
    return pack;
  }
}
