package dev.pipewright.state.outbox;

import dev.pipewright.protocol.GlobPattern;
import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.api.MailServer;
import dev.pipewright.protocol.api.NotificationEvent;
import dev.pipewright.protocol.api.NotificationTarget;
import dev.pipewright.protocol.api.NotificationTarget.Kind;
import dev.pipewright.protocol.json.Json;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code notifications.json}. A value of URL, secret, user and password that is written
 * {@code $NAME} is taken from the environment, so that the file need not hold it.
 */
final class NotificationSettings {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,49}");
  private static final Pattern VARIABLE = Pattern.compile("\\$[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern URL = Pattern.compile("https?://[^\\s\\p{Cntrl}]{1,1990}");
  private static final Pattern MAIL =
      Pattern.compile("[^\\s\\p{Cntrl}<>,;:\"()\\[\\]@]{1,64}@[A-Za-z0-9.-]{1,253}");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:-]{1,253}");
  private static final int MOST_TARGETS = 100;
  private static final Set<NotificationEvent> USUALLY =
      EnumSet.of(NotificationEvent.BROKE, NotificationEvent.FIXED, NotificationEvent.WAITING);

  private final UnaryOperator<@Nullable String> environment;
  private final List<String> problems = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  private NotificationSettings(UnaryOperator<@Nullable String> environment) {
    this.environment = environment;
  }

  /**
   * The rules in the file, in their order.
   *
   * @param environment gives the value of a variable, or null
   * @throws ProtocolException naming everything that is wrong, without any secret
   */
  static List<NotificationRule> read(byte[] json, UnaryOperator<@Nullable String> environment) {
    NotificationsFile file = Json.read(json, NotificationsFile.class);
    return new NotificationSettings(environment).rules(file);
  }

  private List<NotificationRule> rules(NotificationsFile file) {
    List<NotificationsFile.Target> targets =
        Objects.requireNonNullElse(file.targets(), List.<NotificationsFile.Target>of());
    if (targets.size() > MOST_TARGETS) {
      throw new ProtocolException("There are at most " + MOST_TARGETS + " targets.");
    }
    MailServer mail = mail(file.mail());
    List<NotificationRule> rules = new ArrayList<>();
    for (NotificationsFile.Target target : targets) {
      NotificationRule rule = rule(target, mail);
      if (rule != null) {
        rules.add(rule);
      }
    }
    if (!problems.isEmpty()) {
      throw new ProtocolException(String.join(" ", problems));
    }
    return List.copyOf(rules);
  }

  private @Nullable MailServer mail(NotificationsFile.@Nullable Mail mail) {
    if (mail == null) {
      return null;
    }
    MailServer.Security security =
        Objects.requireNonNullElse(mail.security(), MailServer.Security.STARTTLS);
    int usual =
        switch (security) {
          case SMTPS -> 465;
          case STARTTLS -> 587;
          case NONE -> 25;
        };
    int port = Objects.requireNonNullElse(mail.port(), usual);
    String host = Objects.requireNonNullElse(mail.host(), "");
    String from = Objects.requireNonNullElse(mail.from(), "");
    String user = value("mail.user", mail.user());
    String password = value("mail.password", mail.password());
    check(HOST.matcher(host).matches(), "mail.host is the name of a server.");
    check(port > 0 && port < 65536, "mail.port is a number from 1 to 65535.");
    check(MAIL.matcher(from).matches(), "mail.from is an address like ci@example.org.");
    check(
        (user == null) == (password == null), "mail.user and mail.password come together, or not.");
    check(
        user == null || security != MailServer.Security.NONE,
        "mail.password is sent only over an encrypted connection.");
    return new MailServer(host, port, security, user, password, from);
  }

  private @Nullable NotificationRule rule(
      NotificationsFile.Target target, @Nullable MailServer mail) {
    String name = Objects.requireNonNullElse(target.name(), "");
    Kind kind = target.kind();
    check(NAME.matcher(name).matches(), "A target has a name of letters, digits and .-_.");
    check(names.add(name), "Two targets are named '" + name + "'.");
    if (kind == null) {
      check(false, "The target '" + name + "' has no kind: slack, webhook or mail.");
      return null;
    }
    List<String> to = Objects.requireNonNullElse(target.to(), List.<String>of());
    String url = value(name + ".url", target.url());
    String secret = value(name + ".secret", target.secret());
    if (kind == Kind.MAIL) {
      check(mail != null, "The target '" + name + "' needs a mail server: add 'mail'.");
      check(
          !to.isEmpty() && to.stream().allMatch(address -> MAIL.matcher(address).matches()),
          "The target '" + name + "' needs addresses in 'to'.");
    } else {
      check(
          url != null && URL.matcher(url).matches(),
          "The target '" + name + "' needs a URL that begins with http:// or https://.");
      check(to.isEmpty(), "The target '" + name + "' is no mail and has no 'to'.");
    }
    return new NotificationRule(
        new NotificationTarget(name, kind, url, secret, to, kind == Kind.MAIL ? mail : null),
        target.on() == null ? USUALLY : Set.copyOf(target.on()),
        globs(target.pipelines(), "**"),
        globs(target.refs(), "refs/heads/**"));
  }

  private static List<GlobPattern> globs(@Nullable List<GlobPattern> given, String usual) {
    return given == null ? List.of(new GlobPattern(usual)) : given;
  }

  private void check(boolean fine, String otherwise) {
    if (!fine) {
      problems.add(otherwise);
    }
  }

  private @Nullable String value(String where, @Nullable String written) {
    if (written == null || !VARIABLE.matcher(written).matches()) {
      return written;
    }
    String found = environment.apply(written.substring(1));
    check(found != null, where + ": the environment has no " + written.substring(1) + ".");
    return found;
  }
}
