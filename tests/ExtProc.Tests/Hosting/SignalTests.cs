using ExtProc.Tests.Transport;

namespace ExtProc.Tests.Hosting;

/// <summary>What the program makes of signals, with an exchange in flight.</summary>
public class SignalTests
{
    [Theory]
    [InlineData("HUP")]
    [InlineData("USR1")]
    [InlineData("USR2")]
    [InlineData("ALRM")]
    [InlineData("VTALRM")]
    [InlineData("PROF")]
    [InlineData("XFSZ")]
    [InlineData("IO")]
    public async Task A_signal_that_means_something_else_is_told_and_ignored(string signal)
    {
        await using var server = await ServerProcess.ServeAsync();
        await using var client = await RawHttp2Client.ConnectAsync(server.Port);
        RawStream exchange = await HeldExchange.BeginAsync(client);

        await server.SignalAsync(signal);
        await server.LineAsync(server.Errors, line => line.Contains($"SIG{signal} is ignored: a new configuration is read by a restart", StringComparison.Ordinal));

        await exchange.FinishAsync();
        Assert.True(server.IsAlive);
        Assert.Equal("ready", (await server.AdminAsync("/ready")).Text);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("QUIT")]
    [InlineData("XCPU")]
    [InlineData("PWR")]
    public async Task A_signal_that_means_the_end_lets_what_is_in_flight_finish(string signal)
    {
        await using var server = await ServerProcess.ServeAsync();
        await using var client = await RawHttp2Client.ConnectAsync(server.Port);
        RawStream exchange = await HeldExchange.BeginAsync(client);

        await server.SignalAsync(signal);
        await server.SignalAsync(signal == "INT" ? "TERM" : signal); // a second one takes nothing from it
        await client.UntilAsync(() => client.GoAwayCode == 0, "GOAWAY");

        await exchange.FinishAsync();
        Assert.Equal(0, await server.ExitAsync());
    }

    [Fact]
    public async Task SIGPIPE_and_a_closed_terminal_end_nothing()
    {
        await using var server = await ServerProcess.ServeAsync();

        await server.SignalAsync("PIPE");
        await server.SignalAsync("HUP");
        await server.LineAsync(server.Errors, line => line.Contains("SIGHUP is ignored", StringComparison.Ordinal));

        Assert.Equal("ready", (await server.AdminAsync("/ready")).Text);
    }

    [Fact]
    public async Task Ctrl_C_does_not_wait_for_others_to_learn_of_the_end()
    {
        await using var server = await ServerProcess.ServeWithAsync(drainDelay: "10m");

        await server.SignalAsync("INT");

        Assert.Equal(0, await server.ExitAsync());
    }

    [Fact]
    public async Task Ctrl_C_cuts_short_the_delay_of_SIGTERM()
    {
        await using var server = await ServerProcess.ServeWithAsync(drainDelay: "10m");
        await server.SignalAsync("TERM");
        await server.LineAsync(server.Errors, line => line.Contains("stopping: ", StringComparison.Ordinal));

        await server.SignalAsync("INT");

        Assert.Equal(0, await server.ExitAsync());
    }

    [Fact]
    public async Task A_second_Ctrl_C_ends_what_is_in_flight()
    {
        await using var server = await ServerProcess.ServeAsync("--drain-timeout", "1h");
        await using var client = await RawHttp2Client.ConnectAsync(server.Port);
        RawStream exchange = await HeldExchange.BeginAsync(client);
        await server.SignalAsync("INT");
        await client.UntilAsync(() => client.GoAwayCode == 0, "GOAWAY");

        await server.SignalAsync("INT");

        Assert.Equal(14, (await exchange.EndAsync()).GrpcStatus);
        Assert.Equal(0, await server.ExitAsync());
    }
}
