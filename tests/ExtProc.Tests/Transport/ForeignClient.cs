using System.Diagnostics;
using System.Text.Json;
using Tests.Shared;

namespace ExtProc.Tests.Transport;

/// <summary>Runs grpc-js, a gRPC implementation that shares nothing with ours, and tells how each of its cases went.</summary>
internal static class ForeignClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly SemaphoreSlim Installing = new(1);

    private static string Folder => Repository.PathOf("tests", "foreign-client");

    /// <summary>One line for each case; <paramref name="cases"/> chooses, none means all.</summary>
    public static async Task<IReadOnlyDictionary<string, Result>> RunAsync(int port, params string[] cases)
    {
        await InstallAsync();
        string output = await RunAsync("node", ["client.js", $"127.0.0.1:{port}", Repository.PathOf("protos"), .. cases]);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<Result>(line, JsonSerializerOptions.Web)!)
            .ToDictionary(result => result.Name);
    }

    private static async Task InstallAsync()
    {
        await Installing.WaitAsync();
        try
        {
            // npm leaves this file when an installation is complete; an older one is of another lock file.
            string stamp = Path.Combine(Folder, "node_modules", ".package-lock.json");
            if (!File.Exists(stamp) || File.GetLastWriteTimeUtc(stamp) < File.GetLastWriteTimeUtc(Path.Combine(Folder, "package-lock.json")))
            {
                await RunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
            }
        }
        finally
        {
            Installing.Release();
        }
    }

    private static async Task<string> RunAsync(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} in {Folder} ended with {process.ExitCode}:\n{await errors}{await output}");
        return await output;
    }

    internal sealed record Result(string Name, bool Ok, string Detail);
}
