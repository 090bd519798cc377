using ExtProc.Configuration;
using ExtProc.Configuration.Reading;
using ExtProc.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ExtProc.Hosting.CommandLine;

/// <summary><c>extproc check FILE</c>: everything that <c>serve</c> would find wrong before it listens.</summary>
internal static class CheckCommand
{
    public static int Run(ReadOnlySpan<string> arguments, ProgramOutput output, Action<ExtProcBuilder>? configure)
    {
        var parsed = CommandLineArguments.Parse(arguments, new Dictionary<string, bool>());
        if (parsed.Problem is not null || parsed.Operands is not [var path])
        {
            return output.RefuseUsage(parsed.Problem ?? "check takes one file: extproc check extproc.yaml");
        }

        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        ExtProcSetup setup = ServerBuild.AddExtProc(builder.Services, ConfigSources.File(path), configure);
        var read = ConfigReader.Read(setup.Default.Sources!, setup.Catalog);
        output.Report(read.Problems.Where(problem => problem.IsWarning));
        if (read.Options is null)
        {
            output.Report(read.Problems.Where(problem => !problem.IsWarning));
            return ExitCode.Unusable;
        }

        try
        {
            // Asking for the pipeline compares it with the declared Envoy side.
            using WebApplication app = builder.Build();
            Pipeline.PipelinePlan plan = app.Services.GetRequiredService<Pipeline.PipelinePlan>();
            output.Report(plan.Warnings.Select(warning => warning.Told(isWarning: true)));
            int steps = plan.Steps.Count;
            output.Out.WriteLine(LogText.Line($"{path}: can be used; {steps} {(steps == 1 ? "processor" : "processors")}"));
            return ExitCode.Success;
        }
        catch (ConfigException wrong)
        {
            output.Report(wrong.Problems.Where(problem => !problem.IsWarning));
            return ExitCode.Unusable;
        }
    }
}
