package dev.pipewright.test.play;

import dev.pipewright.engine.waiting.Downstreams;
import dev.pipewright.engine.waiting.Locks;
import dev.pipewright.protocol.api.LockAnswer;
import java.io.IOException;

/** The world as one engine reaches it: not any more once it is lost. */
record Guarded(World world, Life life, Scene scene) {

  Downstreams downstreams() {
    return wish -> {
      life.check();
      return world.start(wish);
    };
  }

  Locks locks() {
    return new Locks() {
      @Override
      public LockAnswer request(String lock, String key) throws IOException, InterruptedException {
        scene.awaitTurn(key);
        life.check();
        return world.locks().request(lock, key);
      }

      @Override
      public void release(String lock, String key) throws IOException {
        life.check();
        world.locks().release(lock, key);
      }
    };
  }
}
