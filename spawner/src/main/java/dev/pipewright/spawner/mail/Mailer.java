package dev.pipewright.spawner.mail;

import dev.pipewright.protocol.api.MailServer;
import dev.pipewright.protocol.api.Notification;
import dev.pipewright.spawner.post.Sent;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Authenticator;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.List;
import java.util.Properties;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Sends notifications by mail, each over a connection of its own with time limits. Thread-safe. */
public final class Mailer {
  private static final String CONNECT_MILLIS = "5000";
  private static final String ANSWER_MILLIS = "10000";

  private final @Nullable SSLSocketFactory tls;

  /** A mailer that trusts whom the JDK trusts. */
  public Mailer() {
    this(null);
  }

  Mailer(@Nullable SSLSocketFactory tls) {
    this.tls = tls;
  }

  /** Sends a notification to these addresses; {@code id} is the same when it is sent again. */
  public Sent send(Notification notification, String id, List<String> to, MailServer server) {
    String password = server.password();
    List<String> secrets = password == null ? List.of() : List.of(password);
    try {
      Transport.send(message(notification, id, to, server));
      return Sent.done();
    } catch (AuthenticationFailedException e) {
      return Sent.refused("The mail server refused our user and password.", secrets);
    } catch (MessagingException e) {
      String reason = "The mail server did not take it: " + words(e);
      return isForGood(e) ? Sent.refused(reason, secrets) : Sent.later(reason, secrets);
    }
  }

  private MimeMessage message(
      Notification notification, String id, List<String> to, MailServer server)
      throws MessagingException {
    MimeMessage message = new Numbered(session(server), id, server.from());
    message.setFrom(new InternetAddress(server.from(), true));
    for (String address : to) {
      message.addRecipient(Message.RecipientType.TO, new InternetAddress(address, true));
    }
    String utf8 = StandardCharsets.UTF_8.name();
    message.setSubject("[Pipewright] " + notification.title(), utf8);
    message.setText(text(notification), utf8);
    message.setSentDate(Date.from(notification.at()));
    // Keeps out-of-office answers away.
    message.setHeader("Auto-Submitted", "auto-generated");
    return message;
  }

  private static String text(Notification notification) {
    String by = notification.by();
    String message = notification.message();
    return String.join(
        "\n",
        notification.title(),
        "",
        "Run:    " + notification.url(),
        "Ref:    " + notification.ref(),
        "Commit: " + notification.commit() + (message == null ? "" : " " + message),
        "By:     " + (by == null ? "unknown" : by),
        "");
  }

  private Session session(MailServer server) {
    Properties settings = new Properties();
    settings.setProperty("mail.transport.protocol", "smtp");
    settings.setProperty("mail.smtp.host", server.host());
    settings.setProperty("mail.smtp.port", Integer.toString(server.port()));
    settings.setProperty("mail.smtp.connectiontimeout", CONNECT_MILLIS);
    settings.setProperty("mail.smtp.timeout", ANSWER_MILLIS);
    settings.setProperty("mail.smtp.writetimeout", ANSWER_MILLIS);
    settings.setProperty("mail.smtp.ssl.checkserveridentity", "true");
    switch (server.security()) {
      case SMTPS -> settings.setProperty("mail.smtp.ssl.enable", "true");
      case STARTTLS -> {
        settings.setProperty("mail.smtp.starttls.enable", "true");
        settings.setProperty("mail.smtp.starttls.required", "true");
      }
      case NONE -> settings.setProperty("mail.smtp.starttls.enable", "false");
    }
    if (tls != null) {
      settings.put("mail.smtp.ssl.socketFactory", tls);
    }
    String user = server.user();
    String password = server.password();
    if (user == null || password == null) {
      return Session.getInstance(settings);
    }
    settings.setProperty("mail.smtp.auth", "true");
    return Session.getInstance(
        settings,
        new Authenticator() {
          @Override
          protected PasswordAuthentication getPasswordAuthentication() {
            return new PasswordAuthentication(user, password);
          }
        });
  }

  /** True if the server has refused all addresses with an answer that does not change. */
  private static boolean isForGood(MessagingException fault) {
    for (Exception next = fault; next != null; ) {
      if (next instanceof org.eclipse.angus.mail.smtp.SMTPAddressFailedException address) {
        return address.getReturnCode() / 100 == 5;
      }
      if (next instanceof org.eclipse.angus.mail.smtp.SMTPSendFailedException send
          && send.getReturnCode() / 100 == 5) {
        return true;
      }
      next = next instanceof MessagingException more ? more.getNextException() : null;
    }
    return fault instanceof SendFailedException failed
        && failed.getInvalidAddresses() != null
        && failed.getValidUnsentAddresses() == null;
  }

  private static String words(MessagingException fault) {
    StringBuilder words = new StringBuilder(String.valueOf(fault.getMessage()));
    Exception next = fault.getNextException();
    if (next != null && next.getMessage() != null) {
      words.append(" (").append(next.getMessage()).append(')');
    }
    return words.toString();
  }

  /** A message with an id that is ours. */
  private static final class Numbered extends MimeMessage {
    private final String id;

    private Numbered(Session session, String id, String from) {
      super(session);
      String domain = from.substring(from.indexOf('@') + 1);
      this.id = "<%s@%s>".formatted(id.replaceAll("[^A-Za-z0-9.-]", "."), domain);
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", id);
    }
  }
}
