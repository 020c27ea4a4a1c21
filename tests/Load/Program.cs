using OrleansCallback.Load;
using OrleansCallback.Load.Flood;
using OrleansCallback.Load.Media;
using OrleansCallback.Load.Media.Generator;
using OrleansCallback.Load.Phones;

return args switch
{
    ["callbacks", .. var rest] => await CallbacksCommand.RunAsync(rest),
    ["sip-flood", .. var rest] => await FloodCommand.RunAsync(rest),
    ["media", .. var rest] => await MediaCommand.RunAsync(talk: true, rest),
    ["hold", .. var rest] => await MediaCommand.RunAsync(talk: false, rest),
    ["media-phones", .. var rest] => GeneratorCommand.Run(rest),
    ["phones", .. var rest] => PhonesCommand.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        callbacks --rate R --seconds S --hold H --store postgres|sqlite [--ring MS] [--json]
            Places R callbacks a second for S seconds; merchants hang up H seconds after their answer; phones ring MS milliseconds (200).
            Starts silo, web, store and phones by itself. With --json the last line is one JSON object.
        sip-flood --rate R --seconds S --calls C --store postgres|sqlite [--json]
            Sets up C calls, sends R datagrams of rubbish a second for S seconds to the silo's SIP port, hangs the calls up and reports.
        media --calls N --seconds S [--peer rtpengine] [--json]
            Relays N calls with 100 packets a second each through the product's media plane, then through rtpengine.
        hold --legs N --seconds S [--json]
            Plays hold audio to N legs.
        """);
    return 2;
}
