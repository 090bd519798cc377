using System.Net;
using System.Net.Sockets;
using ExtProc.Hosting;
using ExtProc.Hosting.CommandLine;
using ExtProc.Tests.Hosting;
using ExtProc.Try;

namespace ExtProc.Tests.Try;

/// <summary>What cannot be tried, and why.</summary>
public sealed class TryUsageTests
{
    private const string Releases = "1.36 to 1.40 (1.36.4, 1.37.0, 1.38.3, 1.39.3, 1.40.0)";

    [Fact]
    public async Task Help_has_the_command_where_the_program_has_it()
    {
        var (code, output, _) = await RunAsync("--help");

        Assert.Equal(0, code);
        Assert.All(["  extproc try [flags] ", "flags of try:", "10 s to be answered", "flags of serve:", "exit codes:"], words => Assert.Contains(words, output, StringComparison.Ordinal));
        Assert.True(output.IndexOf("flags of serve:", StringComparison.Ordinal) < output.IndexOf("flags of try:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "what shall it do? name a command: serve, check or try")]
    [InlineData("ty", "\"ty\" is no command; did you mean try? allowed: serve, check, try, --version, --help")]
    [InlineData("try now", "try takes flags only, and was given \"now\"")]
    [InlineData("try --upsteam x", "\"--upsteam\" is no flag here; did you mean --upstream?")]
    [InlineData("try --upstream", "--upstream needs a value")]
    [InlineData("try --upstream 127.0.0.1:80", "--upstream \"127.0.0.1:80\" is no address of an upstream; write http:// or https://")]
    [InlineData("try --upstream ftp://host/", "--upstream \"ftp://host/\" is no address of an upstream")]
    [InlineData("try --upstream http://host/?q=1", "--upstream \"http://host/?q=1\" is no address of an upstream")]
    [InlineData("try --port 70000", "--port \"70000\" is no port; allowed is 1 to 65535, and 0 for one that is free")]
    [InlineData("try --port -1", "--port \"-1\" is no port")]
    [InlineData("try --envoy 1.41", $"--envoy \"1.41\" is no release that can be followed; allowed is {Releases}")]
    [InlineData("try --envoy 1.35.9", $"--envoy \"1.35.9\" is no release that can be followed; allowed is {Releases}")]
    [InlineData("try --envoy newest", $"--envoy \"newest\" is no release that can be followed; allowed is {Releases}")]
    [InlineData("try --mode BUFERED", "--mode: \"BUFERED\" is not known here; did you mean BUFFERED?")]
    [InlineData("try --mode grpc", "--mode: Envoy up to 1.40 knows the name GRPC and sends no body")]
    public async Task Bad_usage_is_explained_and_exits_2(string arguments, string problem)
    {
        var (code, output, error) = await RunAsync(arguments);

        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith($"extproc: {problem}", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pipeline: [{ name: nobody }]", "", "extproc.yaml:1:20: error: ")]
    [InlineData("envoy: { version: '1.30' }", "", $"extproc: envoy.version 1.30 cannot be followed; choose one with --envoy, which can be {Releases}")]
    [InlineData("envoy: { processingMode: { requestBodyMode: STREAMED } }", "--mode BUFFERED", "extproc: --mode is given, and envoy.processingMode is declared; leave out one of them")]
    [InlineData("envoy: { processingMode: { requestBodyMode: GRPC } }", "", "extproc: envoy.processingMode has a body mode GRPC, which Envoy up to 1.40 does not implement")]
    public async Task A_configuration_that_cannot_be_tried_is_explained_and_exits_2(string config, string flags, string problem)
    {
        using TemporaryFile file = new(config);

        var (code, output, error) = await RunAsync($"try --port 0 --config {file.Path} {flags}");

        Assert.Equal((2, ""), (code, output));
        Assert.Contains(problem, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_and_exits_2()
    {
        using Socket taken = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        int port = ((IPEndPoint)taken.LocalEndPoint!).Port;

        var (code, _, error) = await RunAsync($"try --port {port}");

        Assert.Equal(2, code);
        Assert.Contains($"extproc: port {port} (127.0.0.1:{port}, --port) is in use already; stop what listens there, or give another port", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_without_the_command_does_not_know_it()
    {
        StringWriter output = new(), error = new();

        Assert.Equal(2, await ExtProcProgram.RunAsync(["try"], new ProgramOutput(output, error), null));
        Assert.StartsWith("extproc: \"try\" is no command; use one of serve, check, --version, --help", error.ToString(), StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string arguments)
    {
        StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        int code = await ExtProcProgram.RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), new ProgramOutput(output, error), null, new TryCommand())
            .WaitAsync(TimeSpan.FromSeconds(30));
        return (code, output.ToString(), error.ToString());
    }
}
