using ExtProc.Configuration;
using ExtProc.Hosting;
using ExtProc.Pipeline;
using Microsoft.Extensions.DependencyInjection;

namespace ExtProc.Tests.Hosting;

public class ExtProcBuilderTests
{
    [Fact]
    public void File_code_and_processors_become_options()
    {
        using TemporaryFile file = new("pipeline: [{ name: tag, value: one }]\nlimits: { heldBytes: 1MiB }\n");

        var options = Options(extproc => extproc
            .AddProcessor<Tag, TagOptions>("tag")
            .AddYaml(file.Path)
            .Use("tag", new TagOptions { Value = "two" }, OnError.Skip)
            .Configure(current => current with { LogExchanges = true }));

        Assert.Equal((1 << 20, true), (options.Limits.HeldBytes, options.LogExchanges));
        Assert.Equal(["one", "two"], options.Pipeline.Steps.Select(step => ((TagOptions)step.Options!).Value));
        Assert.Equal(OnError.Skip, options.Pipeline.Steps[1].OnError);
    }

    [Fact]
    public void A_setting_made_in_code_is_checked_like_one_in_the_file()
    {
        var wrong = Assert.Throws<ConfigException>(() => Options(extproc => extproc.Configure(
            current => current with { Limits = new() { ChunkBytes = 1 }, Drain = new() { Timeout = TimeSpan.FromDays(1) } })));

        Assert.Equal(
            "options: error: limits.chunkBytes: 1B is out of range; allowed is 1KiB to 16MiB\noptions: error: drain.timeout: 24h is out of range; allowed is 0s to 1h",
            wrong.Message);
    }

    [Fact]
    public void Mistakes_of_the_program_are_found_where_they_are_made()
    {
        Assert.Contains("processor \"tag\" is registered twice", Refused(extproc => extproc.AddProcessor<Tag, TagOptions>("tag").AddProcessor<Tag, TagOptions>("tag")), StringComparison.Ordinal);
        Assert.Contains("there is no processor \"tga\"; did you mean tag?", Refused(extproc => extproc.AddProcessor<Tag, TagOptions>("tag").Use("tga")), StringComparison.Ordinal);
        Assert.Contains("processor \"tag\" takes TagOptions, and was given none", Refused(extproc => extproc.AddProcessor<Tag, TagOptions>("tag").Use("tag")), StringComparison.Ordinal);
        Assert.Contains("ReservedOptions.OnError cannot be set from a configuration", Refused(extproc => extproc.AddProcessor<Tag, ReservedOptions>("tag")), StringComparison.Ordinal);
        Assert.Contains("cannot be configured", Refused(extproc => extproc.AddProcessor<Tag, UnboundOptions>("tag")), StringComparison.Ordinal);
    }

    [Fact]
    public void Pipelines_without_a_number_of_their_own_share_the_places_for_decoding_that_the_budget_has_room_for()
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddExtProc()
            .AddPipeline("inner", _ => { })
            .AddPipeline("few", pipeline => pipeline.Configure(options => options with { Limits = new() { DecodingExchanges = 5 } }));
        using var provider = services.BuildServiceProvider();
        var pipelines = provider.GetRequiredService<ServedPipelines>();

        Assert.Same(pipelines[PipelineNames.Default].Plan.DecodingPlaces, pipelines["inner"].Plan.DecodingPlaces);
        Assert.Equal(5, pipelines["few"].Plan.DecodingPlaces.Most);
    }

    private static string Refused(Action<ExtProcBuilder> configure) => Assert.Throws<ArgumentException>(() => Options(configure)).Message;

    private static ExtProcOptions Options(Action<ExtProcBuilder> configure)
    {
        ServiceCollection services = new();
        services.AddLogging();
        configure(services.AddExtProc());
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<ExtProcOptions>();
    }

    private sealed class Tag : Processor;

    private sealed record TagOptions
    {
        public required string Value { get; init; }
    }

    private sealed record ReservedOptions(string OnError);

    private sealed class UnboundOptions(int number)
    {
        public override string ToString() => $"{number}";
    }
}
