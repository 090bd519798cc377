using Envoy.Runner;
using Envoy.Runner.Search;

namespace ExtProc.TestTool;

/// <summary>Looks for Envoys.</summary>
internal static class EnvoyCommand
{
    private const string OrWait = "--or-wait", Tested = "--tested";

    /// <summary>True where a missing Envoy is an error: what CI runs must not pass by running less.</summary>
    private static bool IsCi => Environment.GetEnvironmentVariable("CI") == "true";

    public static async Task<int> RunAsync(string[] arguments)
    {
        try
        {
            string[] missing = await LookAsync([.. arguments.SelectMany(VersionsOf)]);
            if (missing.Length == 0)
            {
                return ExitCode.Ok;
            }

            bool waits = arguments.Contains(OrWait) && !IsCi;
            Console.Error.WriteLine($"no {string.Join(", no ", missing)}; {EnvoyMissingException.HowToGetOne}");
            if (waits)
            {
                Console.Error.WriteLine("the tests that need it wait; with CI=true they fail");
            }

            return waits ? ExitCode.Ok : ExitCode.NoEnvoy;
        }
        catch (EnvoyMissingException e)
        {
            Console.Error.WriteLine(e.Message);
            return ExitCode.Usage;
        }
    }

    private static IEnumerable<string> VersionsOf(string argument) => argument switch
    {
        OrWait => [],
        Tested => EnvoyVersions.Tested,
        _ => [argument],
    };

    /// <summary>What is missing, as messages call it.</summary>
    private static async Task<string[]> LookAsync(string[] versions)
    {
        EnvoySearch search = new(Console.Error);
        if (versions.Length == 0)
        {
            return Tell(await search.FindAnyAsync()) ? [] : ["Envoy"];
        }

        List<string> missing = [];
        foreach (string version in versions)
        {
            if (!Tell(await search.FindAsync(version)))
            {
                missing.Add($"Envoy {version}");
            }
        }

        return [.. missing];
    }

    private static bool Tell(EnvoyBinary? found)
    {
        if (found is not null)
        {
            Console.WriteLine(found.Path);
        }

        return found is not null;
    }
}
