using Envoy.Runner;

namespace ExtProc.EndToEnd.Envoys;

/// <summary>Runs of the tests' tool, with programs on its PATH that are none.</summary>
internal sealed class ToolRun : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("extproc-tool-");

    /// <summary>All that the tool finds on its PATH, and what a test writes.</summary>
    public string Folder => folder.FullName;

    /// <summary>Puts a program of /bin/sh there.</summary>
    public string Write(string name, string script)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }

    /// <summary>Runs it; what it ended with and what it said.</summary>
    public async Task<(int ExitCode, IReadOnlyList<string> Lines)> RunAsync(string[] arguments, params (string Name, string Value)[] variables)
    {
        Dictionary<string, string> all = new() { ["PATH"] = Folder, ["ENVOY_BIN"] = "", ["CI"] = "" };
        foreach ((string name, string value) in variables)
        {
            all[name] = value;
        }

        await using ChildProcess tool = ChildProcess.Start("test-tool", Path.Combine(AppContext.BaseDirectory, "test-tool"), arguments, variables: all);
        Assert.True(await tool.WaitForExitAsync(Patience), tool.Log.Tail(50));
        return (tool.ExitCode, tool.Log.Lines);
    }

    public void Dispose() => folder.Delete(recursive: true);
}
