using System.Net;
using System.Net.Sockets;
using Envoy.Runner;

namespace ExtProc.EndToEnd;

/// <summary>The demo that the README promises, as <c>make run</c> starts it.</summary>
public sealed class DemoTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly string[] PortOptions = ["--envoy-port", "--server-port", "--admin-port", "--upstream-port"];

    [Fact]
    public async Task Once_sends_the_requests_and_finds_the_answers_as_promised()
    {
        await using var demo = Start(["--once", .. FreePorts()]);
        Assert.True(await demo.WaitForExitAsync(Patience), demo.Log.Tail(50));
        Assert.True(demo.ExitCode == 0, demo.Log.Tail(50));
        Assert.Equal(3, demo.Log.Lines.Count(line => line.StartsWith("ok ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task It_shows_what_to_try_and_ends_everything_when_told()
    {
        await using var demo = Start(FreePorts());
        using var deadline = new CancellationTokenSource(Patience);
        while (!demo.Log.Lines.Any(line => line.StartsWith("What extproc says", StringComparison.Ordinal)))
        {
            demo.ThrowIfExited();
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, deadline.Token);
        }

        Assert.Equal(3, demo.Log.Lines.Count(line => line.Contains("curl ", StringComparison.Ordinal)));
        demo.Terminate();
        Assert.True(await demo.WaitForExitAsync(Patience), demo.Log.Tail(50));
        Assert.Equal(0, demo.ExitCode);
    }

    [Fact]
    public async Task The_front_gives_the_same_answers_and_says_that_it_is_not_Envoy()
    {
        await using var demo = Start(["--once", "--front", .. FreePorts()]);
        Assert.True(await demo.WaitForExitAsync(Patience), demo.Log.Tail(50));
        Assert.True(demo.ExitCode == 0, demo.Log.Tail(50));
        Assert.Equal(3, demo.Log.Lines.Count(line => line.StartsWith("ok ", StringComparison.Ordinal)));
        Assert.Contains(demo.Log.Lines, line => line.StartsWith("not Envoy but ", StringComparison.Ordinal) && line.Contains("make envoy", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_port_in_use_is_said_by_number()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        string port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await using var demo = Start(["--once", .. FreePorts(), "--envoy-port", port]);
        Assert.True(await demo.WaitForExitAsync(Patience), demo.Log.Tail(50));
        Assert.Equal(2, demo.ExitCode);
        Assert.Contains($"port {port} is in use", demo.Log.Tail(20), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_an_ENVOY_BIN_that_is_none_it_names_the_ways_to_get_one()
    {
        await using var demo = ChildProcess.Start(
            "demo", Program, ["--once", .. FreePorts()], variables: new Dictionary<string, string> { ["ENVOY_BIN"] = "/nowhere/envoy" });
        Assert.True(await demo.WaitForExitAsync(Patience), demo.Log.Tail(50));
        Assert.Equal(2, demo.ExitCode);
        string said = demo.Log.Tail(20);
        Assert.Contains("make envoy", said, StringComparison.Ordinal);
        Assert.Contains("ENVOY_BIN", said, StringComparison.Ordinal);
    }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "extproc-demo");

    private static ChildProcess Start(IEnumerable<string> arguments) => ChildProcess.Start("demo", Program, arguments);

    private static IEnumerable<string> FreePorts() =>
        PortOptions.SelectMany(option => (string[])[option, FreePort.Next().ToString(System.Globalization.CultureInfo.InvariantCulture)]);
}
