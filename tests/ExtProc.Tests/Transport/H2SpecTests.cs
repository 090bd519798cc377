using System.Diagnostics;
using System.Text.RegularExpressions;
using ExtProc.Tests.Hosting;

namespace ExtProc.Tests.Transport;

/// <summary>A test suite for HTTP/2 that is not ours, against the program. <c>H2SPEC</c> names its binary, or that packed with xz.</summary>
public sealed partial class H2SpecTests : IDisposable
{
    // docs/http2.md says why.
    private static readonly string[] MayFail = ["Sends multiple WINDOW_UPDATE frames increasing the flow control window to above 2^31-1 on a stream"];

    private readonly string _program = Path.Combine(Path.GetTempPath(), $"h2spec-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(_program);

    [Theory]
    [InlineData("/")]
    [InlineData("/envoy.service.ext_proc.v3.ExternalProcessor/Process")]
    [InlineData("/grpc.health.v1.Health/Watch")]
    [Trait("Run", "h2spec")]
    public async Task Nothing_fails_but_what_the_documentation_explains(string path)
    {
        await using var server = await ServerProcess.ServeAsync();
        await UnpackAsync();

        string report = await OutputOfAsync(_program, "-h", "127.0.0.1", "-p", $"{server.Port}", "--path", path);

        Assert.Matches(@"145 tests, \d+ passed", report);
        Assert.Empty(Failed().Matches(report).Select(failed => failed.Groups["case"].Value.Trim()).Except(MayFail));
        Assert.Equal("ready", (await server.AdminAsync("/ready")).Text);
    }

    private async Task UnpackAsync()
    {
        string given = Environment.GetEnvironmentVariable("H2SPEC") is { Length: > 0 } file ? file
            : throw new InvalidOperationException("H2SPEC names no program: make test-integrations H2SPEC=FILE, h2spec 2.2.1 or that packed with xz");
        await OutputOfAsync("sh", "-c", given.EndsWith(".xz", StringComparison.Ordinal) ? "xz -dc \"$0\" > \"$1\" && chmod u+x \"$1\"" : "cp \"$0\" \"$1\" && chmod u+x \"$1\"", given, _program);
    }

    private static async Task<string> OutputOfAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        try
        {
            string output = await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(2));
            await process.WaitForExitAsync().WaitAsync(ServerProcess.Patience);
            return output;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    [GeneratedRegex(@"^\s*×\s+\d+:\s*(?<case>.*)$", RegexOptions.Multiline)]
    private static partial Regex Failed();
}
