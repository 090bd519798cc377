using System.Text;
using ExtProc.Configuration;
using ExtProc.EndToEnd.Authors;
using ExtProc.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ExtProc.EndToEnd.InApp;

/// <summary>Options come by every way an app has, and are the same.</summary>
public sealed class OptionTests
{
    private const string Yaml = """
        logExchanges: true
        reflection: true
        listen: 127.0.0.1:9
        limits: { heldBytes: 1MiB, handlerTimeout: 3s }
        drain: { delay: 1s }
        transport: { maxStreamsPerConnection: 500 }
        envoy: { processingMode: { requestBodyMode: STREAMED } }
        pipeline: [{ name: mark, by: source, onError: skip }]
        """;

    private const string Json = """
        {
          "ExtProc": {
            "LogExchanges": true, "Reflection": true, "Listen": "127.0.0.1:9", "Limits": { "HeldBytes": "1MiB", "HandlerTimeout": "3s" }, "Drain": { "Delay": "1s" },
            "Transport": { "MaxStreamsPerConnection": 500 }, "Envoy": { "ProcessingMode": { "RequestBodyMode": "STREAMED" } },
            "Pipeline": [{ "Name": "mark", "By": "source", "OnError": "skip" }]
          }
        }
        """;

    private static readonly Dictionary<string, Action<IServiceCollection, ExtProcBuilder>> Ways = new()
    {
        ["extproc.yaml"] = (_, extproc) => extproc.AddYaml(Written()),
        ["the app's configuration"] = (_, extproc) => extproc.AddConfiguration(Section()),
        ["Configure of the builder"] = (_, extproc) => extproc.Use("mark", new MarkOptions("source"), Pipeline.OnError.Skip).Configure(options => options with
        {
            LogExchanges = true,
            Reflection = true,
            Listeners = [new() { Address = ListenAddress.Loopback(9) }],
            Limits = options.Limits with { HeldBytes = 1 << 20, HandlerTimeout = TimeSpan.FromSeconds(3) },
            Drain = options.Drain with { Delay = TimeSpan.FromSeconds(1) },
            Transport = options.Transport with { MaxStreamsPerConnection = 500 },
            Envoy = new() { ProcessingMode = new() { RequestBodyMode = BodySendMode.Streamed } },
        }),
        ["IOptions"] = (services, extproc) =>
        {
            extproc.Use("mark", new MarkOptions("source"), Pipeline.OnError.Skip);
            services.Configure<ExtProcOptions>(options =>
            {
                options.LogExchanges = true;
                options.Reflection = true;
                options.Listeners = [new() { Address = ListenAddress.Loopback(9) }];
                options.Limits = options.Limits with { HeldBytes = 1 << 20, HandlerTimeout = TimeSpan.FromSeconds(3) };
                options.Drain = options.Drain with { Delay = TimeSpan.FromSeconds(1) };
                options.Transport = options.Transport with { MaxStreamsPerConnection = 500 };
                options.Envoy = new() { ProcessingMode = new() { RequestBodyMode = BodySendMode.Streamed } };
            });
        },
    };

    public static TheoryData<string> AllWays => [.. Ways.Keys];

    [Theory]
    [MemberData(nameof(AllWays))]
    public void Every_way_gives_the_same_options(string way)
    {
        using ServiceProvider services = Services(Ways[way]);

        ExtProcOptions options = services.GetRequiredService<IOptions<ExtProcOptions>>().Value;

        Assert.Equal((true, true), (options.LogExchanges, options.Reflection));
        Assert.Equal(["127.0.0.1:9"], options.Listeners.Select(listener => listener.Address.ToString()));
        Assert.Equal("off", options.Admin.Address.ToString());
        Assert.Equal(new ExchangeLimits { HeldBytes = 1 << 20, HandlerTimeout = TimeSpan.FromSeconds(3) }, options.Limits);
        Assert.Equal(new DrainOptions { Delay = TimeSpan.FromSeconds(1) }, options.Drain);
        Assert.Equal(new() { MaxStreamsPerConnection = 500, OwnsProcess = false }, options.Transport);
        Assert.Equal(BodySendMode.Streamed, options.Envoy.ProcessingMode?.RequestBodyMode);
        var step = Assert.Single(options.Pipeline.Steps);
        Assert.Equal(("mark", new MarkOptions("source"), Pipeline.OnError.Skip), (step.Kind.Name, step.Options, step.OnError));
        Assert.Same(options, services.GetRequiredService<IOptionsMonitor<ExtProcOptions>>().CurrentValue);
        Assert.Same(options, services.GetRequiredService<ExtProcOptions>());
    }

    [Fact]
    public void Code_has_the_last_word_and_the_builder_the_very_last()
    {
        using ServiceProvider services = Services((services, extproc) =>
        {
            extproc.AddConfiguration(Section()).Configure(options => options with { Reflection = false });
            services.Configure<ExtProcOptions>(options => (options.LogExchanges, options.Reflection) = (false, true));
            services.PostConfigure<ExtProcOptions>(options => options.Limits = options.Limits with { HeldBytes = 1 << 21 });
        });

        ExtProcOptions options = services.GetRequiredService<IOptions<ExtProcOptions>>().Value;

        Assert.Equal((false, false, 1 << 21), (options.LogExchanges, options.Reflection, options.Limits.HeldBytes));
    }

    [Fact]
    public void A_pipeline_with_a_name_has_named_options()
    {
        using ServiceProvider services = Services((services, extproc) =>
        {
            extproc.AddConfiguration(Section()).AddPipeline("inner").AddPipeline("outer", pipeline => pipeline.Use("mark", new MarkOptions("outer")));
            services.Configure<ExtProcOptions>("inner", options => options.LogExchanges = false);
            services.ConfigureAll<ExtProcOptions>(options => options.Limits = options.Limits with { HeldBytes = 1 << 21 });
        });
        IOptionsMonitor<ExtProcOptions> options = services.GetRequiredService<IOptionsMonitor<ExtProcOptions>>();

        Assert.Equal((true, false, true), (options.CurrentValue.LogExchanges, options.Get("inner").LogExchanges, options.Get("outer").LogExchanges));
        Assert.All((string[])["", "inner", "outer"], name => Assert.Equal(1 << 21, options.Get(name).Limits.HeldBytes));
        Assert.Equal([["source"], [], ["outer"]], ((string[])["", "inner", "outer"]).Select(name => options.Get(name).Pipeline.Steps.Select(step => ((MarkOptions)step.Options!).By).ToArray()));
    }

    [Fact]
    public void A_pipeline_with_a_name_cannot_set_what_applies_to_the_whole_process()
    {
        using ServiceProvider inCode = Services((_, extproc) => extproc.AddPipeline("inner", pipeline => pipeline.Configure(options => options with { Reflection = true })));
        using ServiceProvider inSection = Services((_, extproc) => extproc.AddPipeline("inner", pipeline => pipeline.AddConfiguration(Section("""{ "ExtProc": { "Drain": { "Delay": "1s" } } }"""))));

        Assert.All((ServiceProvider[])[inCode, inSection], services =>
            Assert.Contains("the pipeline without a name", Assert.Throws<ConfigException>(() => services.GetRequiredService<IOptionsMonitor<ExtProcOptions>>().Get("inner")).Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "ExtProc": { "Admin": null } }""")]
    [InlineData("""{ "ExtProc": { "LogExchanges": true } }""")]
    public void A_port_is_opened_only_where_it_is_named(string json)
    {
        using ServiceProvider services = Services((_, extproc) => extproc.AddConfiguration(Section(json)));

        ExtProcOptions options = services.GetRequiredService<IOptions<ExtProcOptions>>().Value;

        Assert.Empty(options.Listeners);
        Assert.Equal(ListenAddress.Off, options.Admin.Address);
    }

    [Fact]
    public void Options_of_the_app_are_checked_like_a_file()
    {
        using ServiceProvider services = Services((services, _) => services.Configure<ExtProcOptions>(options => options.Limits = new() { ChunkBytes = 1 }));

        string wrong = Assert.Throws<ConfigException>(() => services.GetRequiredService<IOptions<ExtProcOptions>>().Value).Message;

        Assert.Contains("limits.chunkBytes: 1B is out of range", wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistake_in_the_apps_configuration_is_named_with_its_key()
    {
        using ServiceProvider services = Services((_, extproc) => extproc.AddConfiguration(Section("""{ "ExtProc": { "LogExchange": true, "Pipeline": [{ "Name": "mrak" }] } }""")));

        string wrong = Assert.Throws<ConfigException>(() => services.GetRequiredService<IOptions<ExtProcOptions>>().Value).Message;

        Assert.Contains("ExtProc:LogExchange", wrong, StringComparison.Ordinal);
        Assert.Contains("ExtProc:Pipeline:0", wrong, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "ExtProc": "extproc.yaml" }""", "text stands where keys and values are wanted")]
    [InlineData("""{ "ExtProc": [{ "LogExchanges": true }] }""", "a list stands where keys and values are wanted")]
    [InlineData("""{ "ExtProc": { "Listen": "127.0.0.1:9000", "Listeners": ["127.0.0.1:9001"] } }""", "listen and listeners are two ways to say the same")]
    public void A_section_of_the_app_that_says_nothing_clear_is_refused(string json, string why)
    {
        using ServiceProvider services = Services((_, extproc) => extproc.AddConfiguration(Section(json)));

        Assert.Contains(why, Assert.Throws<ConfigException>(() => services.GetRequiredService<IOptions<ExtProcOptions>>().Value).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_section_that_is_not_there_is_told_in_the_log()
    {
        LogLines log = new();
        using ServiceProvider services = Services((services, extproc) =>
        {
            services.AddLogging(logging => logging.AddProvider(log));
            extproc.AddConfiguration(Section("""{ "Other": {} }"""));
        });

        Assert.Empty(services.GetRequiredService<IOptions<ExtProcOptions>>().Value.Pipeline.Steps);
        Assert.Contains(log.All, line => line.Contains("there is nothing in this section", StringComparison.Ordinal) && line.Contains("ExtProc", StringComparison.Ordinal));
    }

    [Fact]
    public void A_validator_of_the_app_is_asked()
    {
        using ServiceProvider services = Services((services, _) => services.AddOptions<ExtProcOptions>().Validate(options => options.LogExchanges, "the app wants a log"));

        Assert.Contains("the app wants a log", Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<ExtProcOptions>>().Value).Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Services(Action<IServiceCollection, ExtProcBuilder> configure)
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton<Marks>();
        configure(services, services.AddExtProc().AddSharedProcessor<Mark, MarkOptions>("mark"));
        return services.BuildServiceProvider();
    }

    private static IConfigurationSection Section(string json = Json) =>
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build().GetSection("ExtProc");

    private static string Written()
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("extproc-options-").FullName, "extproc.yaml");
        File.WriteAllText(file, Yaml);
        return file;
    }
}
