using ExtProc.Configuration;
using ExtProc.Hosting;
using ExtProc.Samples;
using ExtProc.Testing;
using ExtProc.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ExtProc.Tests.Samples;

/// <summary>Constructors get options from the configuration and services from the host.</summary>
public sealed class SampleHostingTests
{
    [Fact]
    public async Task Options_come_from_the_file_and_services_from_the_host()
    {
        using var client = new HttpClient();
        using TemporaryFile file = new("pipeline: [{ name: tag, value: from the file }, { name: moderate, onError: skip }]");
        using ServiceProvider host = Host(file, services =>
        {
            services.AddSingleton(Moderate.Guard(TimeProvider.System));
            services.AddSingleton(client);
        });

        Seen seen = await Play.Through(host.GetRequiredService<ExtProcOptions>().Pipeline).Services(host).Request("GET").RunAsync();

        Assert.Equal("from the file", seen.Upstream["x-tag"]);
    }

    [Fact]
    public void Wrong_options_are_found_with_their_place()
    {
        using TemporaryFile file = new("pipeline:\n- name: tag\n  valeu: x\n- name: mask\n");
        using ServiceProvider host = Host(file, _ => { });

        string wrong = Assert.Throws<ConfigException>(() => host.GetRequiredService<ExtProcOptions>()).Message;

        Assert.Contains("extproc.yaml:3:3: error: ", wrong, StringComparison.Ordinal);
        Assert.Contains("valeu", wrong, StringComparison.Ordinal);
        Assert.Contains("extproc.yaml:4:3: error: ", wrong, StringComparison.Ordinal);
        Assert.Contains("word", wrong, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_exchange_has_services_of_its_own_which_end_with_it()
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddScoped<Scoped>();
        List<Scoped> seen = [];
        services.AddSingleton(seen);
        services.AddExtProc().AddProcessor<First>("first").AddProcessor<Second>("second").Use("first").Use("second");
        await using ServiceProvider host = services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true });
        Play play = Play.Through(host.GetRequiredService<ExtProcOptions>().Pipeline).Services(host);

        await play.RunAsync();
        await play.RunAsync();

        Assert.Equal(4, seen.Count);
        Assert.Same(seen[0], seen[1]);
        Assert.Same(seen[2], seen[3]);
        Assert.NotSame(seen[0], seen[2]);
        Assert.All(seen, scoped => Assert.True(scoped.HasEnded));
    }

    private static ServiceProvider Host(TemporaryFile file, Action<IServiceCollection> add)
    {
        ServiceCollection services = new();
        services.AddLogging();
        add(services);
        services.AddExtProc()
            .AddSharedProcessor<Tag, TagOptions>("tag").AddSharedProcessor<Mask, MaskOptions>("mask").AddSharedProcessor<Moderate>("moderate")
            .AddYaml(file.Path);
        return services.BuildServiceProvider();
    }

    private sealed class Scoped : IDisposable
    {
        public bool HasEnded { get; private set; }

        public void Dispose() => HasEnded = true;
    }

    private sealed class First(Scoped scoped, List<Scoped> seen) : Processor
    {
        public override ValueTask<Verdict> OnRequestHeadersAsync(Exchange exchange, CancellationToken cancellation)
        {
            seen.Add(scoped);
            return Verdict.Continue;
        }
    }

    private sealed class Second(Scoped scoped, List<Scoped> seen) : Processor
    {
        public override ValueTask<Verdict> OnRequestHeadersAsync(Exchange exchange, CancellationToken cancellation)
        {
            Assert.False(scoped.HasEnded);
            seen.Add(scoped);
            return Verdict.Continue;
        }
    }
}
