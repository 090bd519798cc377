using ExtProc.Configuration;
using ExtProc.Hosting;
using ExtProc.Hosting.CommandLine;
using PolicyValidator.Inputs;
using PolicyValidator.Model;
using PolicyValidator.Rules;
using PolicyValidator.Tests.Cli;

namespace PolicyValidator.Tests.Server;

/// <summary>What we know of the server's processors and settings is what the server itself says of them.</summary>
public sealed class ServerAgreementTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly string[] Steps =
    [
        "{name: replace, text: secret}",
        "{name: replace, text: secret, in: request}",
        "{name: replace, text: secret, in: response}",
        "{name: replace, text: x}",
        "{name: instructed}",
        "{name: instructed, holdBytes: 1KiB}",
        "{name: headers, request: {set: {x-a: b}}}",
    ];

    private static readonly string[] Modes =
    [
        "requestHeaderMode: SEND",
        "requestBodyMode: BUFFERED",
        "responseBodyMode: BUFFERED_PARTIAL",
        "requestBodyMode: STREAMED, responseBodyMode: STREAMED",
        "requestBodyMode: FULL_DUPLEX_STREAMED, requestTrailerMode: SEND, responseBodyMode: STREAMED",
        "requestBodyMode: FULL_DUPLEX_STREAMED, requestTrailerMode: SEND, responseBodyMode: FULL_DUPLEX_STREAMED, responseTrailerMode: SEND",
        "requestBodyMode: GRPC, responseBodyMode: BUFFERED",
    ];

    public static IEnumerable<object[]> All => from step in Steps from mode in Modes select new object[] { step, mode };

    [Theory, MemberData(nameof(All))]
    public async Task The_server_refuses_the_modes_that_we_warn_of(string step, string modes)
    {
        using TempFolder folder = new();
        string file = folder.Write("extproc.yaml", $"pipeline:\n- {step}\nenvoy:\n  processingMode: {{{modes}}}\n");
        bool isRefused = await ExtProcProgram.RunAsync(["check", file]).WaitAsync(Patience) != 0;
        Assert.Equal(isRefused, Bodies($"pipeline:\n- {step}\n", modes).Any(finding => finding.Severity == Severity.Warning));
    }

    [Theory]
    [InlineData("", "allowModeOverride: true")]
    [InlineData("", "allowModeOverride: true, version: 1.39.3")]
    [InlineData("", "allowModeOverride: true, version: 1.40")]
    [InlineData("", "allowModeOverride: true, trustModeOverride: true")]
    [InlineData("", "trustModeOverride: true")]
    [InlineData(", onError: skip", "allowModeOverride: true")]
    [InlineData(", onError: respond", "allowModeOverride: true")]
    public async Task The_server_refuses_the_overrides_that_we_warn_of(string onError, string declared)
    {
        using TempFolder folder = new();
        string server = $"pipeline:\n- {{name: replace, text: secret{onError}}}\nenvoy:\n  {string.Join("\n  ", declared.Split(", "))}\n";
        bool isRefused = await ExtProcProgram.RunAsync(["check", folder.Write("extproc.yaml", $"{server}  processingMode: {{requestHeaderMode: SEND}}\n")]).WaitAsync(Patience) != 0;
        bool isWarnedOf = Linter.Lint([new SourceText("extproc.yaml", server), new SourceText("filter.yaml", "grpcService: {envoyGrpc: {clusterName: p}}\nallowModeOverride: true\n")], Target.Newest, new LintOptions())
            .Findings.Any(finding => finding.Rule.Id is "EP140" or "EP184" && finding.Severity == Severity.Warning);
        Assert.Equal(isRefused, isWarnedOf);
    }

    /// <summary>Both tell of the traffic for which a processor fails although the mode is one in which it can work.</summary>
    [Theory, MemberData(nameof(All))]
    public async Task The_server_warns_of_the_modes_that_we_warn_of(string step, string modes)
    {
        using TempFolder folder = new();
        string file = folder.Write("extproc.yaml", $"pipeline:\n- {step}\nenvoy:\n  messageTimeout: 15s\n  processingMode: {{{modes}}}\n");
        StringWriter said = new();
        int code = await ExtProcProgram.RunAsync(["check", file], new ProgramOutput(TextWriter.Null, said), null).WaitAsync(Patience);
        string[] warned = [.. said.ToString().Split('\n').Where(line => line.Contains("warning", StringComparison.Ordinal) && line.Contains("fail, because", StringComparison.Ordinal))];
        Assert.True(code == 0 || warned.Length == 0, said.ToString());
        Assert.Equal(code == 0 ? warned.Length : 0, code == 0 ? Bodies($"pipeline:\n- {step}\n", modes, "EP154").Count() : 0);
    }

    [Fact]
    public void Defaults_are_the_server_s()
    {
        Assert.Equal(ServerDefaults.HandlerSeconds, (decimal)new ExchangeLimits().HandlerTimeout.TotalSeconds);
        Assert.Equal(ServerDefaults.ReceiveLimitBytes, new ExtProc.Transport.GrpcTransportOptions().ReceiveLimitBytes);
    }

    [Theory]
    [InlineData("65536", "65536")]
    [InlineData("64KiB", "65536")]
    [InlineData("1.5MiB", "1572864")]
    [InlineData("2 gib", "2147483648")]
    [InlineData("10B", "10")]
    [InlineData("5MB", null)]
    [InlineData("x", null)]
    public void Sizes_are_read_as_the_server_reads_them(string text, string? bytes) =>
        Assert.Equal(bytes is null ? null : decimal.Parse(bytes, System.Globalization.CultureInfo.InvariantCulture), ServerSize.BytesOf(text));

    [Fact]
    public void Every_processor_that_comes_with_the_server_is_known()
    {
        string document = File.ReadAllText(global::Tests.Shared.Repository.PathOf("docs", "configuration.md"));
        string[] names = [.. document.Split('\n').Where(line => line.StartsWith("### `", StringComparison.Ordinal)).Select(line => line.Split('`')[1])];
        Assert.Equal(["headers", "instructed", "replace"], names);
    }

    [Fact]
    public void Every_setting_of_the_envoy_section_is_compared_or_known_not_to_be()
    {
        string[] server = [.. Leaves(typeof(EnvoyDeclaration), "").Except(["version", "allowedOverrideModes", "trustModeOverride"]).Order(StringComparer.Ordinal)];
        Assert.Equal(server, DeclaredSetting.All.Select(setting => setting.Path).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("200ms", "0.2")]
    [InlineData("1.5s", "1.5")]
    [InlineData("2m", "120")]
    [InlineData("1h", "3600")]
    [InlineData("0", "0")]
    [InlineData("2", null)]
    [InlineData("1us", null)]
    public void Durations_are_read_as_the_server_reads_them(string text, string? seconds) =>
        Assert.Equal(seconds is null ? null : decimal.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture), ServerDuration.SecondsOf(text));

    private static IEnumerable<Finding> Bodies(string server, string modes, string rule = "EP184") => Linter
        .Lint([new SourceText("extproc.yaml", server), new SourceText("filter.yaml", $"grpcService: {{envoyGrpc: {{clusterName: p}}}}\nprocessingMode: {{{modes}}}\n")], Target.Newest, new LintOptions())
        .Findings.Where(finding => finding.Rule.Id == rule);

    private static IEnumerable<string> Leaves(Type type, string path) => type.GetProperties().Where(property => property.CanWrite).SelectMany(property =>
    {
        string name = path + char.ToLowerInvariant(property.Name[0]) + property.Name[1..];
        return property.PropertyType.Namespace?.StartsWith("ExtProc", StringComparison.Ordinal) == true && property.PropertyType.IsClass ? Leaves(property.PropertyType, name + ".") : [name];
    });
}
