using ExtProc.Hosting;
using ExtProc.Samples;
using ExtProc.Try;
using Microsoft.Extensions.DependencyInjection;

// The ready server with processors of one's own: extproc's command line, configuration, health, drain; and `try`, which needs no Envoy.
return await ExtProcProgram.RunAsync(args, AddProcessors, new TryCommand());

static void AddProcessors(ExtProcBuilder extproc)
{
    extproc.Services.AddSingleton(Moderate.Guard(TimeProvider.System));
    extproc.Services.AddSingleton(new HttpClient { BaseAddress = new Uri("http://127.0.0.1:8080") });
    extproc
        .AddSharedProcessor<Tag, TagOptions>("tag")
        .AddSharedProcessor<Mask, MaskOptions>("mask")
        .AddSharedProcessor<RouteByModel>("route-by-model")
        .AddSharedProcessor<Moderate>("moderate")
        .AddSharedProcessor<ServeFile, ServeFileOptions>("serve-file");
}
