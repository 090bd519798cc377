using System.Net;
using ExtProc.Configuration;
using ExtProc.Configuration.Reading;
using ExtProc.Pipeline;

namespace ExtProc.Tests.Configuration;

public class ConfigReaderTests
{
    [Fact]
    public void A_whole_file_is_read()
    {
        var options = ConfigText.Options("""
            listen: 127.0.0.1:9100
            admin: off
            logExchanges: true
            limits:
              handlerTimeout: 2s
              heldBytes: 1MiB
            drain: { delay: 100ms, timeout: 3s }
            pipeline:
              - name: word
                word: secret
                onError: skip
              - name: plain
            envoy:
              version: 1.40.0
              processingMode:
                requestBodyMode: FULL_DUPLEX_STREAMED
                requestTrailerMode: SEND
              messageTimeout: 10s
              failureModeAllow: true
              requestAttributes: [request.path]
              forwardingNamespaces: [envoy.lb]
              mutationRules: { allowAllRouting: true }
              routeCacheAction: CLEAR
              disableImmediateResponse: true
            """);

        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 9100), options.Listeners.Single().Address.EndPoint);
        Assert.Same(ListenAddress.Off, options.Admin.Address);
        Assert.True(options.LogExchanges);
        Assert.Equal(new ExchangeLimits { HandlerTimeout = TimeSpan.FromSeconds(2), HeldBytes = 1 << 20 }, options.Limits);
        Assert.Equal(new DrainOptions { Delay = TimeSpan.FromMilliseconds(100), Timeout = TimeSpan.FromSeconds(3) }, options.Drain);
        Assert.Equal(
            [("word", OnError.Skip, "extproc.yaml:9:5"), ("plain", OnError.Fail, "extproc.yaml:12:5")],
            options.Pipeline.Steps.Select(step => (step.Kind.Name, step.OnError, step.Source)));
        Assert.Equal(new WordOptions { Word = "secret" }, options.Pipeline.Steps[0].Options);
        Assert.Equal(
            (new Version(1, 40, 0), BodySendMode.FullDuplexStreamed, TimeSpan.FromSeconds(10), true, RouteCacheAction.Clear, true),
            (options.Envoy.Version, options.Envoy.ProcessingMode?.RequestBodyMode, options.Envoy.MessageTimeout, options.Envoy.FailureModeAllow, options.Envoy.RouteCacheAction, options.Envoy.DisableImmediateResponse));
        Assert.Equal(["request.path"], options.Envoy.RequestAttributes);
        Assert.Equal(["envoy.lb"], options.Envoy.ForwardingNamespaces);
        Assert.True(options.Envoy.MutationRules.AllowAllRouting);
    }

    [Theory]
    [InlineData("listen: 127.0.0.1:9100", "127.0.0.1:9100")]
    [InlineData("listen: { address: 127.0.0.1:9100 }", "127.0.0.1:9100")]
    [InlineData("listeners: [127.0.0.1:9100, \"[::1]:9100\"]", "127.0.0.1:9100 [::1]:9100")]
    [InlineData("listeners:\n- address: localhost:9100\n- address: 0.0.0.0:9101", "127.0.0.1:9100 0.0.0.0:9101")]
    public void Listeners_are_read_in_their_short_and_long_forms(string yaml, string addresses) =>
        Assert.Equal(addresses, string.Join(' ', ConfigText.Options(yaml).Listeners.Select(listener => listener.Address)));

    [Theory]
    [InlineData("listen: 9000")]
    [InlineData("listen: :9000")]
    [InlineData("listen: 127.0.0.1")]
    [InlineData("listen: 127.0.0.1:65536")]
    [InlineData("listen: example.com:9000")]
    [InlineData("listen: ::1:9000")]
    [InlineData("listen: \"127.0.0.1:+1\"")]
    public void An_address_that_is_not_whole_is_refused(string yaml) =>
        Assert.Matches("^extproc.yaml:1:9: error: listeners\\[0\\](.address)?: \".*\" is no address to listen on; write an IP address and a port, such as 127.0.0.1:9000", ConfigText.Problems(yaml));

    [Theory]
    [InlineData("lisen: 127.0.0.1:9000", "1:1: error: the key \"lisen\" is not known; did you mean listen?")]
    [InlineData("listen: 127.0.0.1:1\nlisteners: []", "1:1: error: listen and listeners are two ways to say the same; keep one")]
    [InlineData("listeners: []", "1:12: error: listeners: the list is empty; name at least one address, such as 127.0.0.1:9000")]
    [InlineData("listen: off", "1:9: error: listeners[0]: \"off\" is for the admin port only; a server without a listener serves nobody")]
    [InlineData("listen: 127.0.0.1:9001", "1:1: error: admin: 127.0.0.1:9001 is a listener's address too; give the admin port a number of its own, or off")]
    [InlineData("listeners: [127.0.0.1:9000, 127.0.0.1:9000]", "1:29: error: listeners[1]: 127.0.0.1:9000 is there twice; give each listener a port of its own")]
    [InlineData("limits: 5", "1:9: error: limits: \"5\" stands where keys and values are wanted")]
    [InlineData("limits: { chunkBytes: 1B }", "1:23: error: limits.chunkBytes: 1B is out of range; allowed is 1KiB to 16MiB")]
    [InlineData("pipeline: headers", "1:11: error: pipeline: \"headers\" stands where a list (lines that begin with \"- \") is wanted")]
    [InlineData("pipeline: [plain]", "1:12: error: pipeline[0]: \"plain\" without a name; write \"- name: \" and one of everything, plain, word")]
    [InlineData("pipeline: [{ name: wrod }]", "1:20: error: pipeline[0].name: there is no processor \"wrod\"; did you mean word? allowed: everything, plain, word")]
    [InlineData("pipeline: [{ name: }]", "1:20: error: pipeline[0].name: there is no processor nothing; use one of everything, plain, word")]
    [InlineData("pipeline: [{ name: plain, word: x }]", "1:27: error: pipeline[0]: the key \"word\" is not known; plain takes no options besides onError")]
    [InlineData("pipeline: [{ name: plain, onError: ignore }]", "1:36: error: pipeline[0].onError: \"ignore\" is not known here; use one of fail, skip, respond")]
    [InlineData("pipeline: [{ name: word }]", "1:12: error: pipeline[0]: \"word\" is missing; it has no default")]
    [InlineData("pipeline: [{ name: word, word: x, times: 99 }]", "1:42: error: pipeline[0].times: 99 is out of range; allowed is 1 to 10")]
    public void A_mistake_is_named_with_its_place_and_what_is_allowed(string yaml, string expected) =>
        Assert.StartsWith("extproc.yaml:" + expected, ConfigText.Problems(yaml), StringComparison.Ordinal);

    [Fact]
    public void All_mistakes_are_reported_together_in_the_order_of_the_text()
    {
        var problems = ConfigText.Read("""
            listen: nowhere
            limits:
              handlerTimout: 1s
              stallTimeout: soon
            pipeline:
              - name: word
                times: 20
            envoy:
              processingMode: { requestBodyMode: FULL_DUPLEX_STREAMED }
            """).Problems;

        Assert.Equal([1, 3, 4, 6, 9], problems.Select(problem => problem.At.Line));
    }

    [Fact]
    public void Flags_win_over_variables_which_win_over_the_file_which_wins_over_defaults()
    {
        const string Yaml = """
            listeners: [127.0.0.1:1, 127.0.0.1:2]
            admin: 127.0.0.1:3
            limits: { handlerTimeout: 1s, stallTimeout: 2s }
            """;
        Dictionary<string, string> environment = new()
        {
            ["EXTPROC_LISTEN"] = "127.0.0.1:10",
            ["EXTPROC_ADMIN"] = "127.0.0.1:11",
            ["EXTPROC_LIMITS_STALL_TIMEOUT"] = "12s",
            ["EXTPROC_LOG_EXCHANGES"] = "true",
            ["EXTPROC_DRAIN_TIMEOUT"] = "13s",
            ["EXTPROC_ENVOY_PROCESSING_MODE_REQUEST_BODY_MODE"] = "STREAMED",
        };

        var options = ConfigText.Read(Yaml, environment, new ConfigFlag("--listen", "listen", "127.0.0.1:100")).OrThrow();

        Assert.Equal("127.0.0.1:100", options.Listeners.Single().Address.ToString());
        Assert.Equal("127.0.0.1:11", options.Admin.Address.ToString());
        Assert.Equal((TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(1)), (options.Limits.HandlerTimeout, options.Limits.StallTimeout, options.Limits.CloseTimeout));
        Assert.Equal((true, TimeSpan.FromSeconds(13), BodySendMode.Streamed), (options.LogExchanges, options.Drain.Timeout, options.Envoy.ProcessingMode?.RequestBodyMode));
    }

    [Fact]
    public void A_wrong_variable_or_flag_is_named_as_such()
    {
        var read = ConfigText.Read(
            "", new Dictionary<string, string> { ["EXTPROC_LIMITS_HANDLER_TIMEOUT"] = "10" }, new ConfigFlag("--admin", "admin", "9001"));

        Assert.Collection(
            read.Problems.Select(problem => problem.ToString()),
            flag => Assert.StartsWith("--admin: error: admin.address: \"9001\" is no address to listen on", flag, StringComparison.Ordinal),
            variable => Assert.StartsWith("environment variable EXTPROC_LIMITS_HANDLER_TIMEOUT: error: limits.handlerTimeout: \"10\" is no duration", variable, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("EXTPROC_LIMIT_HANDLER_TIMEOUT", "there is no such setting, so it is ignored; did you mean EXTPROC_LIMITS_HANDLER_TIMEOUT?")]
    [InlineData("EXTPROC_COLOUR", "there is no such setting, so it is ignored")]
    public void An_unknown_variable_of_our_prefix_is_a_warning(string name, string message) =>
        Assert.Equal($"environment variable {name}: warning: {message}", ConfigText.Read("", new Dictionary<string, string> { [name] = "1" }).Problems.Single().ToString());

    [Theory]
    [InlineData("EXTPROC_SERVICE_HOST")]
    [InlineData("EXTPROC_PORT")]
    [InlineData("EXTPROC_PORT_9000_TCP_ADDR")]
    [InlineData("EXTPROC_CONFIG")]
    public void Variables_that_Kubernetes_makes_for_a_service_called_extproc_are_passed_over(string name) =>
        Assert.Empty(ConfigText.Read("", new Dictionary<string, string> { [name] = "x" }).Problems);

    [Fact]
    public void Every_variable_is_distinct_and_none_can_be_mistaken_for_one_of_Kubernetes() =>
        Assert.All(EnvironmentSettings.Known.Keys, name => Assert.DoesNotMatch("_(SERVICE|PORT)(_|$)", name));
}
