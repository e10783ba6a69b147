package dev.pipewright.spawner.mail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.MailServer;
import dev.pipewright.protocol.api.MailServer.Security;
import dev.pipewright.protocol.api.Notification;
import dev.pipewright.protocol.api.NotificationEvent;
import dev.pipewright.protocol.api.OutboxReport.Result;
import dev.pipewright.spawner.post.Sent;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Mail over a real connection to a small server. */
class MailerTest {
  private static final String PASSWORD = "mail-password";
  private static final char[] STORE_PASSWORD = "changeit".toCharArray();
  private static final Notification BROKEN =
      new Notification(
          NotificationEvent.BROKE,
          new RunId(new PipelineName("shop"), 42),
          1,
          new SourceName("shop"),
          "refs/heads/main",
          new CommitId("a".repeat(40)),
          "shop#42 broke main: Failed in verify/lint – ärgerlich",
          "ann",
          "Add a shelf\r\nBcc: everybody@example.org",
          URI.create("https://ci.example/runs/shop%2342"),
          Instant.parse("2026-11-20T12:00:00Z"));

  @TempDir private static Path folder;
  private static SSLContext tls;

  /** A certificate for localhost that nobody but these tests trusts. */
  @BeforeAll
  static void makeCertificate() throws Exception {
    Path file = folder.resolve("localhost.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "mail",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(STORE_PASSWORD))
            .redirectErrorStream(true)
            .start();
    byte[] said = keytool.getInputStream().readAllBytes();
    assertThat(keytool.waitFor()).as(new String(said, StandardCharsets.UTF_8)).isZero();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, STORE_PASSWORD);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, STORE_PASSWORD);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    tls = SSLContext.getInstance("TLS");
    tls.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
  }

  private static MailServer server(MailReceiver receiver, Security security) {
    boolean open = security == Security.NONE;
    return new MailServer(
        "localhost",
        receiver.port(),
        security,
        open ? null : "ci",
        open ? null : PASSWORD,
        "ci@example.org");
  }

  private static Sent send(MailReceiver receiver, Security security) {
    return new Mailer(tls.getSocketFactory())
        .send(
            BROKEN,
            "notification|leads|shop#42|1|ended",
            List.of("leads@example.org", "ops@example.org"),
            server(receiver, security));
  }

  @ParameterizedTest
  @EnumSource(Security.class)
  void mailArrives(Security security) throws Exception {
    SSLContext with = security == Security.NONE ? null : tls;
    try (MailReceiver receiver = new MailReceiver(with, security == Security.SMTPS)) {
      assertThat(send(receiver, security)).isEqualTo(Sent.done());

      String said = security == Security.NONE ? "" : "tls ";
      assertThat(receiver.heard)
          .contains(
              said + "MAIL FROM:<ci@example.org>",
              said + "RCPT TO:<leads@example.org>",
              said + "RCPT TO:<ops@example.org>");
      assertThat(receiver.heard.stream().anyMatch(line -> line.startsWith("tls AUTH PLAIN")))
          .isEqualTo(security != Security.NONE);
      assertThat(receiver.mail)
          .singleElement()
          .asString()
          .contains(
              "From: ci@example.org",
              "To: leads@example.org, ops@example.org",
              "Message-ID: <notification.leads.shop.42.1.ended@example.org>",
              "Auto-Submitted: auto-generated",
              "https://ci.example/runs/shop%2342");
    }
  }

  @Test
  void noTextOfACommitBecomesAHeader() throws Exception {
    try (MailReceiver receiver = new MailReceiver(null, false)) {
      send(receiver, Security.NONE);

      String headers = receiver.mail.getFirst().split("\n\n", 2)[0];
      assertThat(headers).doesNotContain("everybody@example.org").contains("Subject: =?UTF-8?");
    }
  }

  @Test
  void aServerThatDoesNotEncryptHearsNoPasswordAndGetsNoMail() throws Exception {
    try (MailReceiver receiver = new MailReceiver(null, false)) {
      Sent sent = send(receiver, Security.STARTTLS);

      assertThat(sent.result()).isEqualTo(Result.RETRY);
      assertThat(sent.reason()).contains("STARTTLS");
      assertThat(receiver.mail).isEmpty();
      assertThat(receiver.heard).noneMatch(line -> line.contains("AUTH"));
    }
  }

  @Test
  void aServerThatNobodyVouchesForGetsNothing() throws Exception {
    try (MailReceiver receiver = new MailReceiver(tls, false)) {
      Sent sent =
          new Mailer()
              .send(
                  BROKEN, "id", List.of("leads@example.org"), server(receiver, Security.STARTTLS));

      assertThat(sent.result()).isEqualTo(Result.RETRY);
      assertThat(receiver.mail).isEmpty();
      assertThat(receiver.heard).noneMatch(line -> line.contains("AUTH"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "RCPT, 550 no such user, REFUSED",
    "RCPT, 450 busy, RETRY",
    "MAIL, 451 try later, RETRY",
    "MAIL, 550 we do not know you, REFUSED",
    "DATA, 452 full, RETRY",
    "DATA, 554 this is spam, REFUSED",
    "EHLO, 421 closing, RETRY"
  })
  void whatTheServerSaysDecidesWhetherItIsTriedAgain(String command, String says, Result result)
      throws Exception {
    try (MailReceiver receiver = new MailReceiver(null, false)) {
      receiver.says.put(command, says);
      receiver.says.put("HELO", says);

      assertThat(send(receiver, Security.NONE).result()).isEqualTo(result);
    }
  }

  @Test
  void aWrongPasswordIsSaidWithoutThePassword() throws Exception {
    try (MailReceiver receiver = new MailReceiver(tls, true)) {
      receiver.says.put("AUTH", "535 wrong " + PASSWORD);
      Sent sent = send(receiver, Security.SMTPS);

      assertThat(sent.result()).isEqualTo(Result.REFUSED);
      assertThat(sent.reason()).contains("user and password").doesNotContain(PASSWORD);
    }
  }

  @Test
  void aServerThatIsNotThereIsTriedAgain() throws Exception {
    MailReceiver gone = new MailReceiver(null, false);
    gone.close();

    assertThat(send(gone, Security.NONE).result()).isEqualTo(Result.RETRY);
  }
}
