using ExtProc.Configuration.Binding;
using ExtProc.Configuration.Reading;

namespace ExtProc.Configuration.Checks;

/// <summary>All that can be said of options without starting anything. Whether the pipeline fits Envoy's modes is the pipeline's own check.</summary>
internal static class OptionsCheck
{
    public static void Check(ExtProcOptions options, ConfigMarks marks, ConfigProblems problems, ConfigScope scope = ConfigScope.Program)
    {
        void Report(string path, string message) => problems.Error(marks.Of(path), path.Length == 0 ? message : $"{path}: {message}");

        ConfigValidation.Check(options, "", Report);
        CheckListeners(options, scope, Report);
        CheckPipeline(options, Report);
        if (TimeoutCheck.Check(options) is { } late)
        {
            problems.Warn(marks.Of(late.Path), $"{late.Path}: {late.Message}");
        }

        foreach (var (path, message, isWarning) in EnvoyDeclarationCheck.Check(options.Envoy))
        {
            string whole = $"envoy.{path}: {message}";
            if (isWarning)
            {
                problems.Warn(marks.Of($"envoy.{path}"), whole);
            }
            else
            {
                problems.Error(marks.Of($"envoy.{path}"), whole);
            }
        }
    }

    private static void CheckListeners(ExtProcOptions options, ConfigScope scope, Action<string, string> report)
    {
        if (options.Listeners.Count == 0 && scope is ConfigScope.Program)
        {
            report("listeners", "the list is empty; name at least one address, such as 127.0.0.1:9000");
        }

        HashSet<ListenAddress> taken = [];
        for (int at = 0; at < options.Listeners.Count; at++)
        {
            ListenAddress address = options.Listeners[at].Address;
            if (address == ListenAddress.Off)
            {
                report($"listeners[{at}]", "\"off\" is for the admin port only; a server without a listener serves nobody");
            }
            else if (address.EndPoint!.Port != 0 && !taken.Add(address))
            {
                report($"listeners[{at}]", $"{address} is there twice; give each listener a port of its own");
            }
        }

        if (options.Admin.Address.EndPoint is { Port: not 0 } && taken.Contains(options.Admin.Address))
        {
            report("admin", $"{options.Admin.Address} is a listener's address too; give the admin port a number of its own, or off");
        }
    }

    private static void CheckPipeline(ExtProcOptions options, Action<string, string> report)
    {
        Dictionary<object, object?> around = new() { [typeof(EnvoyDeclaration)] = options.Envoy };
        for (int at = 0; at < options.Pipeline.Steps.Count; at++)
        {
            if (options.Pipeline.Steps[at] is { Options: { } own } step)
            {
                ConfigValidation.Check(own, step.Path ?? $"pipeline[{at}]", report, around);
            }
        }
    }
}
