using System.Diagnostics;
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
    [InlineData("16", "STKFLT")]
    [InlineData("RTMIN+1")]
    [InlineData("RTMAX", "RTMIN+30")]
    public async Task A_signal_that_means_something_else_is_told_and_ignored(string signal, string? told = null)
    {
        await using var server = await ServerProcess.ServeAsync();
        await using var client = await RawHttp2Client.ConnectAsync(server.Port);
        RawStream exchange = await HeldExchange.BeginAsync(client);

        await server.SignalAsync(signal);
        await server.LineAsync(server.Errors, line => line.Contains($"SIG{told ?? signal} is ignored: a new configuration is read by a restart", StringComparison.Ordinal));

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

    [Theory]
    [InlineData("TTIN")]
    [InlineData("TTOU")]
    [InlineData("TSTP")]
    public async Task Where_no_terminal_is_a_signal_that_would_stop_the_process_is_ignored(string signal)
    {
        await using var server = await ServerProcess.ServeWithAsync(drainDelay: "0s", shell: "exec setsid \"$@\"");

        await server.SignalAsync(signal);
        await server.LineAsync(server.Errors, line => line.Contains($"SIG{signal} is ignored", StringComparison.Ordinal));

        Assert.Equal("ready", (await server.AdminAsync("/ready")).Text);
    }

    [Fact]
    public async Task The_end_that_comes_before_the_configuration_is_read_is_not_forgotten()
    {
        using TemporaryFile pipe = new("");
        File.Delete(pipe.Path);
        using (Process made = Process.Start("mkfifo", [pipe.Path]))
        {
            await made.WaitForExitAsync();
        }

        await using var server = ServerProcess.Start(shell: null, "serve", "--config", pipe.Path, "--listen", "127.0.0.1:0", "--admin", "off");
        await Until.TrueAsync(() => server.Catches(signal: 30), "it takes SIGPWR");
        await server.SignalAsync("PWR");
        await server.LineAsync(server.Errors, line => line.Contains("SIGPWR ends the server", StringComparison.Ordinal));
        await File.WriteAllTextAsync(pipe.Path, "pipeline: []\n");

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
