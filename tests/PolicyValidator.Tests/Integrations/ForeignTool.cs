using System.Diagnostics;
using Tests.Shared;

namespace PolicyValidator.Tests.Integrations;

/// <summary>One run of a program that is not ours; <c>make test-integrations</c> installs them.</summary>
internal sealed record ForeignTool(int ExitCode, string Output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>The folder in which npm's packages are.</summary>
    public static string Packages { get; } = Repository.PathOf("tests", "integrations", "node_modules");

    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">Its name or path.</param>
    /// <param name="words">Its arguments.</param>
    public static ForeignTool Run(string program, params string[] words) => Run(program, words, Repository.Root, []);

    /// <summary>Runs a program in a folder, with variables besides those of the test.</summary>
    public static ForeignTool Run(string program, string[] words, string folder, Dictionary<string, string> variables)
    {
        ProcessStartInfo start = new(program, words) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = folder };
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1"; // SARIF's tool brings no ICU
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} did not end within {Patience}");
        }

        return new(process.ExitCode, output.GetAwaiter().GetResult() + error.GetAwaiter().GetResult());
    }
}
